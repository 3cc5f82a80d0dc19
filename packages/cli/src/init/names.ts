/** Names of somebody's columns: as the contract may write them, and what they usually mean in sales and stock. */

const letters: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", æ: "ae", ø: "o", ł: "l" };

const plain = (name: string) =>
  name
    .replace(/([\p{Ll}0-9])(\p{Lu})/gu, "$1_$2")
    .toLowerCase()
    .replace(/[äöüßæøł]/g, (letter) => letters[letter] ?? letter)
    .normalize("NFD")
    .replace(/\p{M}/gu, "");

/** Words that SQL, or the pipeline itself, has another meaning for. */
const RESERVED = new Set(
  `all and any array as asc between both by case cast check collate column constraint create cross current_date default desc distinct do else end except
  exists false fetch for foreign from full group grouping having in inner intersect into is join lateral leading left like limit natural not null offset on
  only or order outer over overlaps partition pivot primary qualify references returning right row rows select some table then to trailing true
  union unique unpivot using values when where window with user interval timestamp time date
  day moved tracked load_dt source_file valid_from valid_to is_current`.split(/\s+/),
);

/** Lower-case letters, digits and _, unlike any name in `taken`. */
export function contractName(name: string, taken: ReadonlySet<string>): string {
  let base = plain(name)
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (!/^[a-z]/.test(base)) base = `c_${base}`;
  if (RESERVED.has(base)) base = `${base}_value`;
  let unlike = base;
  for (let count = 2; taken.has(unlike); count += 1) unlike = `${base}_${count}`;
  return unlike;
}

const bare = (name: string) => plain(name).replace(/[^a-z0-9]/g, "");

const DAY = "date datum day tag fecha giorno businessdate calendardate";
const STORE =
  "storekey storeid store storenbr storeno storenumber shopid shop branch branchid filiale filialnr filialnummer location locationid siteid site outlet marketid negozio tienda";
const PRODUCT =
  "prodkey productkey productid product itemid item itemno itemnbr itemnumber sku skuid articleid article articleno artikel artikelnr artikelnummer upc ean stockcode productcode codearticle";

const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sales: {
    trans_id:
      "transid transactionid transaction transno basketid receiptid receiptno orderid orderno ordernumber invoiceid invoiceno invoice ticketid ticket bonnr bon belegnr saleid",
    prod_key: PRODUCT,
    store_key: STORE,
    trans_dt: `transdt transdate transactiondate saledate salesdate orderdate invoicedate verkaufsdatum ${DAY}`,
    trans_time: "transtime hour hourofday stunde",
    sales_qty:
      "salesqty qty quantity quantitysold units unitssold soldqty unitsales menge anzahl stueck cantidad quantita",
    sales_price: "salesprice price unitprice preis einzelpreis",
    sales_amt:
      "salesamt amt amount salesamount sales revenue netsales salesvalue totalprice linetotal total umsatz betrag importe importo",
    discount: "discount discountamt rabatt",
    sales_cost: "salescost cost cogs costs kosten",
    sales_mgrn: "salesmgrn salesmargin margin marge",
    ship_cost: "shipcost shipping shippingcost versand versandkosten",
  },
  inventory: {
    cal_dt: `caldt inventorydate stockdate snapshotdate asof asofdate bestandsdatum ${DAY}`,
    store_key: STORE,
    prod_key: PRODUCT,
    inventory_on_hand_qty:
      "inventoryonhandqty onhand onhandqty qtyonhand quantityonhand stock stocklevel stockqty stockonhand inventory inventorylevel bestand lagerbestand qty quantity menge",
    inventory_on_order_qty: "inventoryonorderqty onorder onorderqty qtyonorder quantityonorder bestellt",
    out_of_stock_flg: "outofstockflg outofstock oos oosflag stockout",
    waste_qty: "wasteqty waste spoilage shrink",
    promotion_flg: "promotionflg promotion promo onpromotion onpromo",
    next_delivery_dt: "nextdeliverydt nextdelivery nextdeliverydate deliverydate",
  },
  store: {
    store_key: STORE,
    store_desc: "storedesc storename name description shopname branchname filialname bezeichnung",
    city: "city stadt ort ciudad citta",
    region: "region",
  },
  product: {
    prod_key: PRODUCT,
    prod_name:
      "prodname productname name itemname description productdescription bezeichnung artikelname artikelbezeichnung",
    brand_name: "brandname brand marke",
    category_name: "categoryname category kategorie warengruppe productgroup",
  },
  calendar: {
    cal_dt: `caldt ${DAY}`,
    yr_wk_num: "yrwknum yearweek fiscalyearweek fiscalweek",
    yr_num: "yrnum fiscalyear",
    wk_num: "wknum weekno weeknumber",
    day_of_wk_num: "dayofwknum dayofweek",
  },
};

export type KnownTable = "sales" | "inventory" | "store" | "product" | "calendar";

/** The columns of a known table that these names mean; where two mean the same, the first. */
export function knownColumns(table: KnownTable, names: readonly string[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const [column, list] of Object.entries(words[table] ?? {})) {
    const usual = list.split(" ");
    const own = names
      .filter((name) => !known.has(name) && usual.includes(bare(name)))
      .sort((a, b) => usual.indexOf(bare(a)) - usual.indexOf(bare(b)));
    if (own[0] !== undefined) known.set(own[0], column);
  }
  return known;
}

/** Whether a name is that of a key, as far as names go. */
export const namesKey = (name: string) =>
  /(?:^|_)(?:id|key|code|no|nr|num|number|sku|ean|upc)(?:_|$)/.test(plain(name)) ||
  [...STORE.split(" "), ...PRODUCT.split(" ")].includes(bare(name));
