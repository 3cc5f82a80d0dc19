"""The daily job on a cluster: landing -> accepted rows -> weekly fact. What it does is decided by the contract."""
