"""The step of the cluster: `spark-submit main.py --help`."""

import sys

from sales_etl_spark.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
