package database

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/golang-sql/civil"
)

func mark(t *testing.T, text string) Mark {
	t.Helper()
	m, err := ParseMark(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMarkOf(t *testing.T) {
	paris := time.FixedZone("CEST", 7200)
	at := time.Date(2024, 5, 1, 10, 0, 0, 5000, paris)
	for name, c := range map[string]struct {
		value any
		zoned bool
		want  string
	}{
		"null":          {nil, false, ""},
		"zoned":         {at, true, "2024-05-01T08:00:00.000005Z"},
		"as written":    {at, false, "2024-05-01 10:00:00.000005"},
		"date":          {"2024-05-01", false, "2024-05-01 00:00:00"},
		"bytes":         {[]byte("2024-05-01 10:00:00.5"), false, "2024-05-01 10:00:00.5"},
		"ISO text":      {"2024-05-01T10:00:00+02:00", false, "2024-05-01T08:00:00Z"},
		"zone in hours": {"2024-05-01 10:00:00+02", false, "2024-05-01T08:00:00Z"},
		"whole number":  {int64(42), false, "42"},
		"digits":        {"0042", false, "42"},
		"float":         {42.0, false, "42"},
		"fraction":      {42.5, false, "error"},
		"words":         {"yesterday", false, "error"},
		"French date":   {"01/05/2024", false, "error"},
		"boolean":       {true, false, "error"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := markOf(c.value, c.zoned)
			if got := m.String(); (err != nil) != (c.want == "error") || err == nil && got != c.want {
				t.Errorf("%q, error %v, want %q", got, err, c.want)
			}
			if again := mark(t, m.String()); again != m {
				t.Errorf("%+v is written and read as %+v", m, again)
			}
		})
	}
}

func TestMarkOrder(t *testing.T) {
	none, early, late, number := Mark{}, mark(t, "2024-05-01"), mark(t, "2024-05-01 00:00:00.000001"), mark(t, "7")
	if late.Later(early) != late || early.Later(late) != late || none.Later(early) != early || early.Later(none) != early {
		t.Error("the later mark is not found")
	}
	if early.Later(number) != number {
		t.Error("a column of another kind does not begin anew")
	}
	if _, err := early.Compare(number); err == nil {
		t.Error("marks of two kinds are compared")
	}
	for name, c := range map[string]struct{ mark, overlap, want string }{
		"default":           {"2024-05-01 00:30:00", "", "2024-04-30 23:30:00"},
		"default of number": {"100", "", "100"},
		"hours":             {"2024-05-01T00:30:00Z", "2h", "2024-04-30T22:30:00Z"},
		"none":              {"2024-05-01 00:30:00", "0", "2024-05-01 00:30:00"},
		"number":            {"100", "10", "90"},
		"mixed":             {"100", "2h", "error"},
		"mixed the other":   {"2024-05-01", "5", "error"},
		"wrong":             {"100", "soon", "error"},
		"negative":          {"100", "-2h", "error"},
	} {
		t.Run(name, func(t *testing.T) {
			overlap, err := ParseOverlap(c.overlap)
			var back Mark
			if err == nil {
				back, err = mark(t, c.mark).Back(overlap)
			}
			if (err != nil) != (c.want == "error") || err == nil && back.String() != c.want {
				t.Errorf("%s, error %v, want %s", back, err, c.want)
			}
		})
	}
}

// TestArguments: what each driver is given for :since.
func TestArguments(t *testing.T) {
	local, zoned, day, number := "2024-05-01 10:00:00.25", "2024-05-01T10:00:00.25Z", "2024-05-01", "42"
	at := time.Date(2024, 5, 1, 10, 0, 0, 250_000_000, time.UTC)
	for name, c := range map[string]struct {
		driver, mark string
		binds        int
		want         []any
	}{
		"postgres":         {Postgres, local, 1, []any{local}},
		"postgres, zoned":  {Postgres, zoned, 1, []any{zoned}},
		"postgres, number": {Postgres, number, 1, []any{"42"}},
		"mysql, twice":     {MySQL, local, 2, []any{local, local}},
		"mysql, number":    {MySQL, number, 1, []any{int64(42)}},
		"sqlite":           {SQLite, local, 1, []any{local}},
		"sqlite, day":      {SQLite, day, 1, []any{day}},
		"sqlserver":        {SQLServer, local, 1, []any{sql.Named("since", civil.DateTimeOf(at))}},
		"sqlserver, zoned": {SQLServer, zoned, 1, []any{sql.Named("since", at)}},
		"oracle":           {Oracle, local, 2, []any{at, at}},
		"oracle, number":   {Oracle, number, 1, []any{int64(42)}},
		"no placeholder":   {Postgres, local, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := arguments(c.driver, mark(t, c.mark), c.binds); fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", c.want) {
				t.Errorf("%#v, want %#v", got, c.want)
			}
		})
	}
}

func FuzzParseMark(f *testing.F) {
	for _, seed := range []string{"", "42", "-1", "2024-05-01", "2024-05-01T10:00:00.123456789+02:00", "2024-05-01 10:00", "9999-12-31 23:59:59+14"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMark(text)
		if err != nil {
			return
		}
		if again, err := ParseMark(m.String()); err != nil || again != m {
			t.Errorf("%q is %s and then %s, error %v", text, m, again, err)
		}
	})
}
