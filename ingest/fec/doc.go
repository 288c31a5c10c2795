// Package fec reads the fichier des écritures comptables, the ledger file that
// French law asks for (LPF art. A.47 A-1), in its text form.
//
// Reading is two passes over the bytes, both streaming in bounded memory:
// Inspect measures the file (size, SHA-256, charset, separator, line ends,
// header) and refuses what is not a FEC; File.Convert then writes one canonical
// row per good line and hands over one ingest.Reject per bad one.
//
// Invariant: Lines = Rows + Rejects. A row that is written holds exactly the
// values of its line: dates are calendar dates, amounts are exact to the cent,
// and nothing is rounded, guessed or cut.
//
// # Lines
//
// LF, CR LF, CR and CR CR LF each end one line, in any mixture. CR CR LF, which
// some exports write by translating a line end twice, is one line end and not a
// line followed by a blank one, so line numbers are those of editors that count
// by LF. Blank lines are counted as lines of the file but are not records.
//
// # Canonical stream
//
// UTF-8 text, fields separated by 0x1F, records ended by LF, no quoting and no
// header; an empty field is NULL. The fields are those of CanonicalColumns, in
// that order, then one per column of File.Extra. Dates are YYYY-MM-DD, amounts
// -?[0-9]{1,16}\.[0-9]{2}; debit and credit are never empty. Control characters
// inside a value are replaced by a space.
package fec
