// Package audit says what is wrong with extracts: it runs the checks of
// sql/audit/checks over landed rows, their rejects and the notices of their
// readers.
//
// Invariant: a check is one SQL file and there is no other definition of it. The
// audit before a load (Open) and the audit at the load (Collect) run the same files;
// the first keeps every offending line, the second counts and amounts. A check whose
// header says `over: years` compares batches: its file only words what a model of the
// build finds.
//
// A check gives one row per finding: batch_no, source_line (null where it is about
// the file), source_column, value, amount (without sign, null where none can be
// known) and line_count (lines concerned).
package audit
