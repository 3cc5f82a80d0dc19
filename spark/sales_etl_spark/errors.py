"""The two ways in which a run ends without a result, as in every command of the project."""


class DataError(Exception):
    """The landing cannot be loaded as it is; nothing was written. Exit code 1."""

    exit_code = 1

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class UsageError(Exception):
    """The job was called wrongly, or with a contract it cannot work with. Exit code 2."""

    exit_code = 2
    code = "USAGE"
