"""Links the incidents of a ledger to the rows of a reference database."""
