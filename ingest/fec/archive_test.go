package fec

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/encours/encours/ingest"
)

// zipOf makes an archive of names and contents in turn.
func zipOf(t testing.TB, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err == nil {
			_, err = io.WriteString(f, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipOf(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// readExtract writes files by name, names first, and reads them as one ledger.
func readExtract(t *testing.T, pairs ...string) (x *Extract, l loaded, err error) {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i := 0; i < len(pairs); i += 2 {
		paths = append(paths, filepath.Join(dir, pairs[i]))
		if err := os.WriteFile(paths[i/2], []byte(pairs[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if x, err = InspectExtract(context.Background(), paths, Options{}); err != nil {
		return nil, l, err
	}
	l.file = &File{Extra: x.Extra}
	var out bytes.Buffer
	last := int64(0)
	l.stats, err = x.Convert(context.Background(), &out, func(r ingest.Reject) error {
		l.rejects = append(l.rejects, r)
		return nil
	}, func(done int64) {
		if done < last || done > x.Content {
			t.Errorf("%d bytes of %d are done, after %d", done, x.Content, last)
		}
		last = done
	})
	for row := range strings.Lines(out.String()) {
		l.rows = append(l.rows, strings.ReplaceAll(strings.TrimSuffix(row, "\n"), "\x1f", "|"))
	}
	return x, l, err
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestArchives(t *testing.T) {
	fec := legalHeader + "\n" + legalLine + "\n"
	for _, c := range []struct{ name, file, content string }{
		{"gzip", "a.txt.gz", gzipOf(t, fec)},
		{"gzip in two runs", "a.gz", gzipOf(t, legalHeader+"\n") + gzipOf(t, legalLine+"\n")},
		{"zip", "a.zip", zipOf(t, "dir/", "", "dir/fec.txt", fec)},
		{"zip by content, not by name", "a.txt", zipOf(t, "fec.txt", fec)},
		{"zip of a Mac", "a.zip", zipOf(t, "fec.txt", fec, "__MACOSX/._fec.txt", "x", ".DS_Store", "x")},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, l, err := readExtract(t, c.file, c.content)
			if err != nil || len(l.rows) != 1 || l.rows[0] != legalRow {
				t.Fatalf("rows %q, %v", l.rows, err)
			}
			if x.Size != int64(len(c.content)) || x.Content != int64(len(fec)) || len(x.Parts) != 1 {
				t.Errorf("size %d, content %d, parts %d", x.Size, x.Content, len(x.Parts))
			}
		})
	}
	t.Run("UTF-16 and half a character", func(t *testing.T) {
		text := "\xff\xfe"
		for _, c := range fec + strings.Replace(legalLine, "\t", "\t\x01", 1) + "\n" {
			text += string([]byte{byte(c), byte(c >> 8)})
		}
		text = strings.Replace(text, "\x01\x00", "\x3d\xd8", 1)
		x, l, err := readExtract(t, "a.txt", text)
		if err != nil || len(l.rows) != 1 || l.rows[0] != legalRow || len(l.rejects) != 1 || l.rejects[0].Line != 3 || l.rejects[0].Reason != "charset.invalid" {
			t.Fatalf("rows %q, rejects %+v, %v", l.rows, l.rejects, err)
		}
		if x.Size != int64(len(text)) || x.SHA256 != digestOf(text) || l.stats.Charset != UTF16LE {
			t.Errorf("size %d, digest %s, charset %s", x.Size, x.SHA256, l.stats.Charset)
		}
	})
	t.Run("notice beside it", func(t *testing.T) {
		_, l, err := readExtract(t, "a.zip", zipOf(t, "notice.PDF", "%PDF", "123456789FEC20241231.txt", fec))
		if err != nil || len(l.rows) != 1 || len(ingest.English(l.stats.Warnings)) != 1 || !strings.Contains(ingest.English(l.stats.Warnings)[0], "notice.PDF") {
			t.Errorf("rows %q, warnings %q, %v", l.rows, ingest.English(l.stats.Warnings), err)
		}
	})
	t.Run("name inside", func(t *testing.T) {
		x, _, err := readExtract(t, "a.zip", zipOf(t, "123456789FEC20241231.txt", fec))
		if err != nil {
			t.Fatal(err)
		}
		if siren, end, ok := x.NameFacts(); !ok || siren != "123456789" || end.Year() != 2024 {
			t.Errorf("%s %s %t", siren, end, ok)
		}
	})
}

func TestArchivesRefused(t *testing.T) {
	fec := legalHeader + "\n" + legalLine + "\n"
	locked := []byte(zipOf(t, "fec.txt", fec))
	at := bytes.LastIndex(locked, []byte("PK\x01\x02"))
	locked[at+8] |= 1
	for _, c := range []struct{ name, content, reason, says string }{
		{"zip in zip", zipOf(t, "in.zip", zipOf(t, "fec.txt", fec)), RefusedFormat, "archive inside an archive"},
		{"gzip in zip", zipOf(t, "in.gz", gzipOf(t, fec)), RefusedFormat, "archive inside an archive"},
		{"gzip in gzip", gzipOf(t, gzipOf(t, fec)), RefusedFormat, "archive inside an archive"},
		{"zip in gzip", gzipOf(t, zipOf(t, "fec.txt", fec)), RefusedFormat, "archive inside an archive"},
		{"workbook", zipOf(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<x/>"), RefusedFormat, "Excel"},
		{"empty", zipOf(t), RefusedEmpty, "no file"},
		{"only a notice", zipOf(t, "notice.pdf", "x"), RefusedEmpty, "no file"},
		{"password", string(locked), RefusedArchive, "password"},
		{"cut gzip", gzipOf(t, fec)[:40], RefusedFormat, "cannot be read"},
		{"cut zip", zipOf(t, "fec.txt", fec)[:60], RefusedFormat, "cannot be read"},
		{"no FEC in it", zipOf(t, "fec.txt", fec, "readme.txt", "Hello,\nhere it is.\n"), RefusedHeader, "readme.txt"},
		{"too many", zipOf(t, strings.Split(strings.Repeat("d.txt,,", 1001), ",")[:2*1000+2]...), RefusedArchive, "files"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := readExtract(t, "a.zip", c.content)
			if e := refusal(t, err, c.reason); !strings.Contains(e.Error(), c.says) {
				t.Errorf("%v does not say %q", e, c.says)
			}
		})
	}
}

// TestSplitLedger: the parts are one stream with the columns of all, and rejects
// name their part.
func TestSplitLedger(t *testing.T) {
	first := legalHeader + "\tNote\n" + legalLine + "\tn1\n"
	second := legalHeader + "\tAxe\tNote\n" + with("EcritureNum", "V2") + "\ta2\tn2\n" + with("Debit", "x") + "\t\t\n"
	for _, c := range []struct {
		name  string
		files []string
	}{
		{"files", []string{"f_1.txt", first, "f_2.txt", second}},
		{"archive", []string{"f.zip", zipOf(t, "f_10.txt", second, "f_9.txt", first)}},
		{"archive of each", []string{"f_1.txt.gz", gzipOf(t, first), "f_2.zip", zipOf(t, "x.txt", second)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, l, err := readExtract(t, c.files...)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{legalRow + "|n1|", strings.Replace(strings.Replace(legalRow, "2|1|", "2|2|", 1), "|V1|", "|V2|", 1) + "|n2|a2"}
			if strings.Join(l.rows, "\n") != strings.Join(want, "\n") || strings.Join(x.Extra, ",") != "Note,Axe" {
				t.Errorf("rows %q, want %q; extra %q", l.rows, want, x.Extra)
			}
			if len(l.rejects) != 1 || l.rejects[0].File != x.Parts[1].Name || l.rejects[0].Line != 3 {
				t.Errorf("rejects %+v", l.rejects)
			}
			if l.stats.Lines != 3 || l.stats.Rows != 2 || l.stats.Rejects != 1 {
				t.Errorf("stats %+v", l.stats)
			}
		})
	}
	_, _, err := readExtract(t, "a.txt", first, "b.txt", first+with("EcritureNum", "V3")+"\t\n")
	if e := refusal(t, err, RefusedParts); !strings.Contains(e.Error(), "start with the same line") {
		t.Errorf("two cuts of one ledger: %v", e)
	}
	_, _, err = readExtract(t, "a.zip", zipOf(t, "123456789FEC20231231.txt", first, "123456789FEC20241231.txt", second))
	if e := refusal(t, err, RefusedParts); !strings.Contains(e.Error(), "2023-12-31 and 2024-12-31") {
		t.Errorf("two years in one archive: %v", e)
	}
}

func TestGroupParts(t *testing.T) {
	for _, c := range []struct{ name, files, want, problem string }{
		{"whole files", "a.txt b.txt", "a.txt;b.txt", ""},
		{"years are not parts", "123456789FEC20231231.txt 123456789FEC20241231.txt", "123456789FEC20231231.txt;123456789FEC20241231.txt", ""},
		{"numbers behind a legal name", "123456789FEC20241231_2.txt 123456789FEC20241231_1.txt", "123456789FEC20241231_1.txt 123456789FEC20241231_2.txt", ""},
		{"numbers behind any name are not parts", "compta_1.txt compta_2.txt", "compta_1.txt;compta_2.txt", ""},
		{"words", "x_part2.txt x_part1.txt y.txt", "x_part1.txt x_part2.txt;y.txt", ""},
		{"French words", "x-partie-1.csv x-partie-2.csv", "x-partie-1.csv x-partie-2.csv", ""},
		{"numbered endings", "x.txt.001 x.txt.002", "x.txt.001 x.txt.002", ""},
		{"from zero", "x.part0.txt x.part1.txt", "x.part0.txt x.part1.txt", ""},
		{"ten parts", "x_part10 x_part9 x_part8 x_part7 x_part6 x_part5 x_part4 x_part3 x_part2 x_part1",
			"x_part1 x_part2 x_part3 x_part4 x_part5 x_part6 x_part7 x_part8 x_part9 x_part10", ""},
		{"folders keep apart", "a/x_part1.txt b/x_part1.txt", "a/x_part1.txt;b/x_part1.txt", ""},
		{"a copy is no part", "x.txt x(1).txt", "x.txt;x(1).txt", ""},
		{"one missing", "x_part1.txt x_part3.txt", "", "part 2 is not there"},
		{"first missing", "x_part2.txt", "", "part 1 is not there"},
		{"one twice", "x_part1.txt x-part1.txt x_part01.txt", "", "both part 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			groups, err := GroupParts(strings.Fields(c.files), false)
			var texts []string
			for _, g := range groups {
				texts = append(texts, strings.Join(g, " "))
			}
			if got := strings.Join(texts, ";"); got != c.want || (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
				t.Errorf("groups %q, want %q; error %v, want %q", got, c.want, err, c.problem)
			}
		})
	}
	groups, err := GroupParts([]string{"p10", "p9", "z"}, true)
	if err != nil || len(groups) != 1 || strings.Join(groups[0], " ") != "p9 p10 z" {
		t.Errorf("as asked for: %q, %v", groups, err)
	}
	if got := groupName([]string{"/d/x_part1.txt", "/d/x_part12.txt"}); got != "/d/x_part[1-12].txt" {
		t.Errorf("the parts are called %q", got)
	}
}

// FuzzArchive reads any bytes as a file that may be an archive.
func FuzzArchive(f *testing.F) {
	fec := legalHeader + "\n" + legalLine + "\n"
	f.Add([]byte(gzipOf(f, fec)))
	f.Add([]byte(zipOf(f, "a.txt", fec, "b.txt", fec+legalLine+"\n")))
	f.Add([]byte(zipOf(f, "a.xml", xmlEntry)))
	f.Add([]byte(zipOf(f, "a.gz", gzipOf(f, fec))))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := os.CreateTemp(dir, "fuzz")
		if err != nil {
			t.Fatal(err)
		}
		defer os.Remove(file.Name())
		_, err = file.Write(data)
		if err := errors.Join(err, file.Close()); err != nil {
			t.Fatal(err)
		}
		x, err := InspectExtract(context.Background(), []string{file.Name()}, Options{MaxLine: 4096})
		if err != nil {
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) || refused.Problem == "" || refused.Advice == "" {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		var out bytes.Buffer
		var rejects int64
		stats, err := x.Convert(context.Background(), &out, func(ingest.Reject) error { rejects++; return nil }, nil)
		if err != nil {
			t.Fatal(err)
		}
		if rows := int64(bytes.Count(out.Bytes(), []byte("\n"))); stats.Rows != rows || stats.Rejects != rejects || stats.Lines != rows+rejects {
			t.Errorf("stats %+v, %d rows, %d rejects", stats, rows, rejects)
		}
	})
}
