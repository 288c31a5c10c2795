package database

import (
	"errors"
	"strings"
	"testing"
)

var drivers = []string{Postgres, MySQL, SQLite, SQLServer, Oracle}

// TestPrepare: :since becomes the bind of the driver, and nothing else changes.
func TestPrepare(t *testing.T) {
	const plain = "select a from t where u >= :since or v > :since"
	for name, c := range map[string]struct {
		driver, text, want string
		binds              int
	}{
		"postgres":            {Postgres, plain, "select a from t where u >= $1 or v > $1", 1},
		"mysql":               {MySQL, plain, "select a from t where u >= ? or v > ?", 2},
		"sqlite":              {SQLite, plain, "select a from t where u >= ?1 or v > ?1", 1},
		"sqlserver":           {SQLServer, plain, "select a from t where u >= @since or v > @since", 1},
		"oracle":              {Oracle, plain, "select a from t where u >= :since_1 or v > :since_2", 2},
		"none":                {Postgres, "SELECT 1", "SELECT 1", 0},
		"with":                {Postgres, "with x as (select 1) select * from x;\n", "with x as (select 1) select * from x\n", 0},
		"bracket first":       {SQLite, "(select 1) -- end", "(select 1) -- end", 0},
		"comment first":       {Oracle, "-- what: :since?\n/* :since */ select :since from dual", "-- what: :since?\n/* :since */ select :since_1 from dual", 1},
		"string":              {Postgres, "select ':since', 'it''s :since' where a = :since", "select ':since', 'it''s :since' where a = $1", 1},
		"name":                {Postgres, `select ":since" as "a "" :since"`, `select ":since" as "a "" :since"`, 0},
		"cast":                {Postgres, "select a::date, :since::timestamptz", "select a::date, $1::timestamptz", 1},
		"no space":            {Postgres, "select(:since)", "select($1)", 1},
		"subscript":           {Postgres, "select a[1:n], a[lo:since] where b=:since", "select a[1:n], a[lo:since] where b=$1", 1},
		"dollar quotes":       {Postgres, "select $$ ' :since $$, $a$ :since $$ $a$, :since", "select $$ ' :since $$, $a$ :since $$ $a$, $1", 1},
		"escape string":       {Postgres, `select E'\' :since', 'x\', :since`, `select E'\' :since', 'x\', $1`, 1},
		"word ending in e":    {Postgres, `select date'\', :since`, `select date'\', $1`, 1},
		"json operators":      {Postgres, "select a #>> '{b}', a ? 'c', :since", "select a #>> '{b}', a ? 'c', $1", 1},
		"nested comment":      {Postgres, "select /* /* :since */ :since */ :since", "select /* /* :since */ :since */ $1", 1},
		"flat comment":        {MySQL, "select /* /* :since */ :since", "select /* /* :since */ ?", 1},
		"mysql backslash":     {MySQL, `select '\' :since', "\" :since", :since`, `select '\' :since', "\" :since", ?`, 1},
		"mysql backticks":     {MySQL, "select `:since``:since`, :since", "select `:since``:since`, ?", 1},
		"mysql hash":          {MySQL, "select 1 # :since ' \n, :since", "select 1 # :since ' \n, ?", 1},
		"mysql minus minus":   {MySQL, "select 1--:since", "select 1--?", 1},
		"mysql dashes":        {MySQL, "select 1 -- :since", "select 1 -- :since", 0},
		"mysql assignment":    {MySQL, "select @a := :since", "select @a := ?", 1},
		"sqlserver brackets":  {SQLServer, "select [a]]:since], [update] where b = :since", "select [a]]:since], [update] where b = @since", 1},
		"oracle q quotes":     {Oracle, "select q'[it's :since]', Q'!:since'!', :since from dual", "select q'[it's :since]', Q'!:since'!', :since_1 from dual", 1},
		"plain backslash":     {SQLite, `select '\', :since`, `select '\', ?1`, 1},
		"accents":             {Postgres, "select é from t where é > :since", "select é from t where é > $1", 1},
		"words in names":      {SQLServer, "select updated, set_on, \"delete\" from t", "select updated, set_on, \"delete\" from t", 0},
		"question in strings": {MySQL, "select '?', \"?\"", "select '?', \"?\"", 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Prepare(c.driver, c.text)
			if err != nil || got.Text != c.want || got.Binds != c.binds {
				t.Errorf("%q, %d binds, error %v\nwant %q, %d", got.Text, got.Binds, err, c.want, c.binds)
			}
		})
	}
}

func TestPrepareRefuses(t *testing.T) {
	for name, c := range map[string]struct{ driver, text, want string }{
		"empty":              {Postgres, " -- nothing\n", "it holds no query"},
		"insert":             {Postgres, "\ninsert into t values (1)", "line 2: a query begins with select or with"},
		"number first":       {Postgres, "1", "a query begins with select"},
		"call":               {Oracle, "begin p; end;", "a query begins with select"},
		"select into":        {MySQL, "select 1 into outfile '/tmp/x'", `the word "into"`},
		"two statements":     {Postgres, "select 1;\nselect 2", "line 2: text follows the semicolon"},
		"string behind":      {Postgres, "select 1; 'x'", "text follows the semicolon"},
		"other placeholder":  {Postgres, "select :until", `":until" is not known: the only placeholder is :since`},
		"longer placeholder": {Postgres, "select :since2", `":since2" is not known`},
		"upper case":         {Postgres, "select :SINCE", `":SINCE" is not known`},
		"question mark":      {MySQL, "select ?", "a bare ? is no placeholder here"},
		"dollar":             {Postgres, "select $1", "a bare $1 is no placeholder here"},
		"dollar twice":       {Postgres, "select $1 + $1", "a bare $1 is no placeholder here"},
		"open string":        {Postgres, "select 'x", "what begins with ' does not end"},
		"open comment":       {Postgres, "select 1 /* /* */", "a comment does not end"},
		"open dollar":        {Postgres, "select $a$ x", "what begins with $a$ does not end"},
		"open q":             {Oracle, "select q'[x' from dual", "what begins with q'[ does not end"},
		"server comment":     {MySQL, "select 1 /*! into outfile 'x' */", "a comment that the server runs"},
		"mariadb comment":    {MySQL, "select 1 /*M! into outfile 'x' */", "a comment that the server runs"},
		"sqlserver words":    {SQLServer, "select 1 COMMIT delete from t", `the word "commit"`},
		"sqlserver cte":      {SQLServer, "with x as (select 1 a) update t set a = 1", `the word "update"`},
		"driver":             {"access", "select 1", `there is no driver "access"`},
		"long":               {Postgres, "select 1" + strings.Repeat(" ", maxText), "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Prepare(c.driver, c.text)
			if !errors.Is(err, ErrQuery) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q, error %v, want %q", got.Text, err, c.want)
			}
		})
	}
}

// FuzzPrepare: what is accepted differs from the text by binds and the semicolon at
// its end, and by nothing else.
func FuzzPrepare(f *testing.F) {
	for i, seed := range []string{
		"select 1", "select ':since' where a > :since;", "with x as (select $$a$$) select * from x -- :since", "select q'[a]', [b], `c` # d",
		"select a[1:2], E'\\'' /* /* */ */", "(select @a := 1)", "select '",
	} {
		f.Add(drivers[i%len(drivers)], seed)
	}
	f.Fuzz(func(t *testing.T, driver, text string) {
		got, err := Prepare(driver, text)
		if err != nil {
			if got.Text != "" {
				t.Errorf("refused, but with the text %q", got.Text)
			}
			return
		}
		bare := func(s string) string { return strings.ReplaceAll(s, ";", "") }
		if got.Binds == 0 && bare(got.Text) != bare(text) {
			t.Errorf("%q became %q", text, got.Text)
		}
		if got.Binds > strings.Count(text, Placeholder) {
			t.Errorf("%q: %d binds", text, got.Binds)
		}
		if got.Binds == 0 {
			again, err := Prepare(driver, got.Text)
			if err != nil || again.Text != got.Text {
				t.Errorf("%q becomes %q the second time, error %v", got.Text, again.Text, err)
			}
		}
	})
}
