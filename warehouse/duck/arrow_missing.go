//go:build !duckdb_arrow

package duck

// HasArrow says whether the program was built with the tag duckdb_arrow, without
// which the driver gives no Arrow results.
const HasArrow = false
