"""The ways in which a run ends without a result, as in every command of the project."""


class DataError(Exception):
    """The landing cannot be loaded as it is; nothing that readers see was changed. Exit code 1."""

    exit_code = 1

    def __init__(
        self,
        code: str,
        message: str,
        business_date: str | None = None,
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.business_date = business_date
        """The date that is to blame; the others can be loaded. None where none of them can."""
        self.file = file
        """A key of the landing; None where no file alone is to blame."""
        self.line = line
        """Physical line of the file from 1; None where the fault is of all of it."""

    @property
    def place(self) -> dict[str, object]:
        """Where it is, as far as that is known."""
        return {name: value for name, value in (("file", self.file), ("line", self.line)) if value is not None}


class RunError(Exception):
    """The data is not to blame: another run writes, or the warehouse is not as this run left it. Exit code 2."""

    exit_code = 2

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class UsageError(Exception):
    """The job was called wrongly, or with a contract it cannot work with. Exit code 2."""

    exit_code = 2
    code = "USAGE"
