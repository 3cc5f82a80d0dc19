"""The command `aws`, as far as airflow/host/boot.sh calls it: `s3 cp` of one file, and a registry's password."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import boto3


def copy(source: str, target: str, content_type: str | None) -> None:
    s3 = boto3.client("s3")
    uri = urlsplit(source if source.startswith("s3://") else target)
    place = {"Bucket": uri.netloc, "Key": uri.path.lstrip("/")}
    if source.startswith("s3://"):
        Path(target).write_bytes(s3.get_object(**place)["Body"].read())
    else:
        kind = {} if content_type is None else {"ContentType": content_type}
        s3.put_object(Body=Path(source).read_bytes(), **place, **kind)


def main(arguments: list[str]) -> None:
    if arguments[:2] == ["ecr", "get-login-password"]:
        print("registry-password")
        return
    if arguments[:2] != ["s3", "cp"]:
        raise SystemExit(f"aws: {arguments} is not known here")
    options, places = {}, []
    rest = iter(arguments[2:])
    for argument in rest:
        if argument == "--content-type":
            options["content_type"] = next(rest)
        elif argument != "--only-show-errors":
            places.append(argument)
    [source, target] = places
    copy(source, target, options.get("content_type"))


if __name__ == "__main__":
    main(sys.argv[1:])
