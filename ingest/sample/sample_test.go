package sample_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest/sample"
)

func hashTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		name, err := filepath.Rel(dir, path)
		sums[filepath.ToSlash(name)] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func TestSameOptionsGiveSameBytes(t *testing.T) {
	opt := sample.Demo()
	first, _, _ := generate(t, opt)
	want := hashTree(t, first)
	if len(want) != 24 {
		t.Fatalf("%d files, want 9 ledgers, 14 other extracts and encours.yaml", len(want))
	}

	before := runtime.GOMAXPROCS(1)
	again, _, _ := generate(t, opt)
	runtime.GOMAXPROCS(before)
	for name, sum := range hashTree(t, again) {
		if want[name] != sum {
			t.Errorf("%s differs between two runs", name)
		}
	}

	opt.Seed++
	other, _, _ := generate(t, opt)
	for name, sum := range hashTree(t, other) {
		if want[name] == sum {
			t.Errorf("%s is the same with another seed", name)
		}
	}
}

func TestInvoicesAreExactlyAsAsked(t *testing.T) {
	cases := map[string]sample.Options{
		"one invoice":          {Invoices: 1, Seed: 3},
		"forty":                {Invoices: 40, Seed: 3},
		"quarterly exchange":   {Invoices: 1500, Seed: 4},
		"demo":                 sample.Demo(),
		"one entity, one year": {Invoices: 2345, Seed: 5, Entities: 1, Years: 1},
		"nine entities":        {Invoices: 30_001, Seed: 6, Entities: 9, Years: 2},
		"ends in March": {
			Invoices: 5000, Seed: 7, LastYearEnd: time.Date(2024, time.March, 31, 0, 0, 0, 0, time.UTC),
		},
		"ends on a leap day": {
			Invoices: 5000, Seed: 8, LastYearEnd: time.Date(2024, time.February, 29, 0, 0, 0, 0, time.UTC),
		},
		"ends in mid-month": {
			Invoices: 5000, Seed: 9, LastYearEnd: time.Date(2024, time.June, 17, 0, 0, 0, 0, time.UTC),
		},
	}
	for name, opt := range cases {
		t.Run(name, func(t *testing.T) {
			var done, total, calls int64
			summary, err := sample.Generate(context.Background(), t.TempDir(), opt, func(d, n int64) {
				if d < done {
					t.Errorf("progress went back from %d to %d", done, d)
				}
				done, total = d, n
				calls++
			})
			if err != nil {
				t.Fatal(err)
			}
			want := int64(opt.Invoices)
			if summary.Invoices != want || done != want || total != want || calls == 0 {
				t.Errorf("booked %d, progress %d of %d, want %d", summary.Invoices, done, total, want)
			}
		})
	}
}

func TestYearsFollowEachOther(t *testing.T) {
	opt := sample.Options{
		Invoices: 2000, Years: 4, Entities: 2,
		LastYearEnd: time.Date(2024, time.February, 29, 0, 0, 0, 0, time.UTC),
	}
	_, summary, _ := generate(t, opt)
	var got []string
	for _, f := range summary.Files[:4] {
		got = append(got, f.YearStart.Format("2006-01-02")+" "+filepath.Base(f.Path))
	}
	want := []string{
		"2020-03-01 997871090FEC20210228.txt", "2021-03-01 997871090FEC20220228.txt",
		"2022-03-01 997871090FEC20230228.txt", "2023-03-01 997871090FEC20240229.txt",
	}
	if !slices.Equal(got, want) {
		t.Errorf("files of the first entity:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestOptionsAreChecked(t *testing.T) {
	cases := map[string]struct {
		opt  sample.Options
		want string
	}{
		"no invoices":       {sample.Options{}, "invoices is 0, expected 1 to 50000000"},
		"too many entities": {sample.Options{Invoices: 1, Entities: 10}, "entities is 10, expected 1 to 9"},
		"negative years":    {sample.Options{Invoices: 1, Years: -1}, "years is -1, expected 1 to 10"},
		"negative rejects":  {sample.Options{Invoices: 1, MaxRejects: -1}, "max rejects is -1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			_, err := sample.Generate(context.Background(), dir, c.opt, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("wrote %v", left)
			}
		})
	}
}

func TestProjectIsNeverReplaced(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "encours.yaml")
	if err := os.WriteFile(path, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := sample.Generate(context.Background(), dir, sample.Demo(), nil)
	if !errors.Is(err, sample.ErrProjectExists) {
		t.Errorf("error %v, want ErrProjectExists", err)
	}
	if raw, _ := os.ReadFile(path); string(raw) != "mine" {
		t.Errorf("encours.yaml now reads %q", raw)
	}
}

func TestStoppedRunLeavesNoProject(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	dir := t.TempDir()
	_, err := sample.Generate(ctx, dir, sample.Demo(), func(done, _ int64) {
		if done > 100 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "encours.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("encours.yaml: %v, want none", err)
	}
}

// luhn checks a SIREN, written apart from the generator: from the right, every
// second digit counts double, less nine above nine, and the sum is a multiple of ten.
func luhn(siren string) bool {
	if len(siren) != 9 {
		return false
	}
	sum := 0
	for i := range 9 {
		digit := int(siren[8-i] - '0')
		if i%2 == 1 {
			digit = digit*2%10 + digit*2/10
		}
		sum += digit
	}
	return sum%10 == 0
}

func TestSirensAreValid(t *testing.T) {
	if !luhn("404833048") || luhn("404833049") {
		t.Fatal("the check itself is wrong")
	}
	_, summary, extracts := generate(t, sample.Options{Invoices: 20_000, Seed: 2})
	seen := map[string]bool{}
	for _, f := range summary.Files {
		if !luhn(f.Siren) || !strings.HasPrefix(filepath.Base(f.Path), f.Siren+"FEC") {
			t.Errorf("%s: siren %s", f.Path, f.Siren)
		}
	}
	for _, e := range extracts {
		for _, r := range e.rows {
			if e.Entity == "BETA" && r.in("411") && !strings.HasPrefix(r.aux, "IC") {
				seen[r.aux] = true
			}
		}
	}
	for code := range seen {
		if !luhn(strings.TrimPrefix(code, "C")) {
			t.Errorf("customer code %q holds no valid SIREN", code)
		}
	}
	if len(seen) < 40 {
		t.Errorf("%d customers numbered by SIREN, want 40 at least", len(seen))
	}
}
