/** What the browser's tests ask inside the page; plain JavaScript, as the page has no modules. */

const visible = (element) => element.checkVisibility({ checkVisibilityCSS: true });
const named = (element) =>
  `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}#${element.id} ${element.textContent?.trim().slice(0, 40)}`;

/** @param picture a data URL; @param colours `#rrggbb`; @returns the share of its pixels that have one of them */
async function coloured(picture, colours, near) {
  const wanted = colours.map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)));
  const image = new Image();
  image.src = picture;
  await image.decode();
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (wanted.some((rgb) => rgb.every((channel, index) => Math.abs(channel - data[at + index]) <= near))) count += 1;
  }
  return count / (data.length / 4);
}

/** Elements that reach beyond the screen or out of their card: who reads them would have to scroll sideways. */
function overflowing() {
  const right = document.documentElement.clientWidth;
  const beyond = (element) => {
    const box = element.getBoundingClientRect();
    const card = element.parentElement?.closest(".card, .tile, .why")?.getBoundingClientRect();
    return box.right > right + 0.5 || box.left < -0.5 || (card !== undefined && box.right > card.right + 0.5);
  };
  const elements = [...document.querySelectorAll("header *, main *, footer *")];
  return elements.filter((element) => !element.closest("svg, .vh") && visible(element) && beyond(element)).map(named);
}

/** Labels of charts that are cut off. */
function cutLabels() {
  return [...document.querySelectorAll("svg.chart text")].filter(visible).flatMap((text) => {
    const box = text.getBoundingClientRect();
    const chart = text.closest("svg").getBoundingClientRect();
    const cut =
      box.left < chart.left - 1 ||
      box.right > chart.right + 1 ||
      box.top < chart.top - 1 ||
      box.bottom > chart.bottom + 1;
    return cut ? [named(text)] : [];
  });
}

/** Follows every link of the page in turn. @returns those after which what they lead to is not on the screen */
function deadLinks() {
  const dead = [];
  for (const href of new Set([...document.querySelectorAll("a")].map((link) => link.getAttribute("href")))) {
    if (href === "#closed") continue;
    location.hash = href;
    const target = document.querySelector(":target");
    const box = target?.getBoundingClientRect();
    const shown = box !== undefined && visible(target) && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
    if (!shown || `#${target.id}` !== href) dead.push(`${href} ${JSON.stringify(box)}`);
  }
  location.hash = "#closed";
  return dead;
}

globalThis.inPage = { visible, coloured, overflowing, cutLabels, deadLinks };
