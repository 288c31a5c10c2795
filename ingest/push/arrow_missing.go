//go:build !duckdb_arrow

package push

const arrowBuilt = false

// readArrow is not part of this program: ParseContentType says so before.
func (s *sink) readArrow([]byte) error {
	return refuse(CodeContentType, "this program was built without Arrow: build it with -tags duckdb_arrow, or send Parquet")
}
