// Package table reads extracts that are tables — CSV, XLSX, JSON, NDJSON and Parquet
// — and writes the canonical stream of any dataset of the landing contract by a
// mapping of its columns.
//
// A file is read twice, each time in bounded memory. Inspect finds out how it is
// written: charset, delimiter, the row of the column names, and what decides the
// order of day and month and the decimal mark of each column. Convert writes rows and
// rejects.
//
// Invariant: every record after the header becomes a row, a reject, or is counted as
// left out by a rule of the mapping. Whether a date is day-first or month-first and
// whether a comma is a decimal mark is declared by the mapping or proved by the
// values; where neither tells, the file is refused with both readings.
package table
