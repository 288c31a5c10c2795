//go:build !duckdb_arrow

package push

import (
	"errors"
	"strings"
	"testing"
)

func TestArrowIsMissing(t *testing.T) {
	_, err := ParseContentType("application/vnd.apache.arrow.stream")
	if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Code != CodeContentType || !strings.Contains(err.Error(), "-tags duckdb_arrow") {
		t.Errorf("%v", err)
	}
	if _, err := decode(t, Arrow, nil, testLimits); err == nil {
		t.Error("it is read")
	}
}
