package web

import "testing"

// TestFloat: a bar of a waterfall stands between two levels, also across zero.
func TestFloat(t *testing.T) {
	for name, c := range map[string]struct {
		from, to int64
		want     floating
	}{
		"up":                  {6000, 6500, floating{6000, 500, 0}},
		"down":                {6000, 5800, floating{5800, 200, 0}},
		"nothing":             {6000, 6000, floating{6000, 0, 0}},
		"below zero":          {-100, -300, floating{-100, 0, -200}},
		"from above to below": {100, -50, floating{0, 100, -50}},
		"from zero":           {0, 700, floating{0, 700, 0}},
	} {
		if got := float(c.from, c.to); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
