package fec

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/encours/encours/ingest"
)

// labels are entry texts as French ledgers have them, by what is typical of
// each charset.
var labels = map[string]string{
	"common":     "Règlement reçu, chèque n° 12 à l'été, août, forêt, île, Noël, œuvre",
	"iso":        "Réglé 12 € à Kœnig, œuvre, n° 3",
	"windows":    "L’école – 12 € – œuvre « été »",
	"dos":        "Règlement reçu, chèque n° 12 à l'été, août, forêt, île, Noël",
	"dos short":  "CREAT° MAQUETTE",
	"upper case": "RÈGLEMENT REÇU À L'ÉTÉ",
	"foreign":    "Müller, Jørgensen, Muñoz réglé à été",
}

func TestCharsets(t *testing.T) {
	for _, c := range []struct {
		name, label string
		table       *charmap.Charmap
		want        Charset
	}{
		{"utf-8", labels["common"], nil, UTF8},
		{"ascii", "plain", nil, UTF8},
		{"iso-8859-15", labels["common"], charmap.ISO8859_15, ISO885915},
		{"iso-8859-15 with euro", labels["iso"], charmap.ISO8859_15, ISO885915},
		{"iso-8859-15 upper case", labels["upper case"], charmap.ISO8859_15, ISO885915},
		{"iso-8859-15 foreign names", labels["foreign"], charmap.ISO8859_15, ISO885915},
		{"windows-1252", labels["windows"], charmap.Windows1252, Windows1252},
		{"cp850", labels["dos"], charmap.CodePage850, CP850},
		{"cp850 upper case", labels["upper case"], charmap.CodePage850, CP850},
		{"cp850 degree sign only", labels["dos short"], charmap.CodePage850, CP850},
		{"cp858 euro", "réglé 12 €", charmap.CodePage858, CP850},
	} {
		t.Run(c.name, func(t *testing.T) {
			content := legalHeader + "\tRéf\n" + with("EcritureLib", c.label) + "\té\n"
			if c.name == "ascii" {
				content = strings.NewReplacer("é", "e").Replace(content)
			}
			if c.name == "cp850 degree sign only" {
				content = strings.NewReplacer("é", "").Replace(content)
			}
			if c.table != nil {
				content = encoded(t, c.table, content)
			}
			l := read(t, content, Options{})
			if l.file.Charset != c.want || value(t, l, 0, "label") != c.label {
				t.Errorf("read as %s: %q, want %s: %q (%s)", l.file.Charset, value(t, l, 0, "label"), c.want, c.label, l.file.Evidence)
			}
			if l.file.Evidence == "" {
				t.Error("no evidence")
			}
			if warned := len(ingest.English(l.stats.Warnings)) > 0; warned != (c.want == CP850 || c.want == Windows1252) {
				t.Errorf("warnings %q", ingest.English(l.stats.Warnings))
			}
		})
	}
}

func TestCharsetAsAsked(t *testing.T) {
	content := legalHeader + "\n" + with("EcritureLib", "\x82t\x82") + "\n"
	for name, want := range map[string]string{"cp850": "été", "CP850": "été", "windows-1252": "‚t‚"} {
		if got := value(t, read(t, content, Options{Charset: name}), 0, "label"); got != want {
			t.Errorf("%s gives %q, want %q", name, got, want)
		}
	}
	if l := read(t, content, Options{Charset: "utf-8"}); len(l.rejects) != 1 || l.rejects[0].Reason != "charset.invalid" {
		t.Errorf("utf-8 gives %+v", l)
	}
	if _, err := tryRead(t, content, Options{Charset: "klingon"}); err == nil || !strings.Contains(err.Error(), "klingon") {
		t.Errorf("got %v", err)
	}
}

func TestFewBrokenBytesStayUTF8(t *testing.T) {
	good := with("EcritureLib", "été à l’école")
	l := read(t, legalHeader+"\n"+good+"\n"+with("CompteLib", "caf\xe9")+"\n"+good+"\n", Options{})
	if l.file.Charset != UTF8 || len(l.rows) != 2 || len(l.rejects) != 1 || l.rejects[0].Column != "CompteLib" {
		t.Errorf("read as %s, %d rows, rejects %+v", l.file.Charset, len(l.rows), l.rejects)
	}
	if len(ingest.English(l.stats.Warnings)) != 1 || !strings.Contains(ingest.English(l.stats.Warnings)[0], "1 byte sequences") {
		t.Errorf("warnings %q", ingest.English(l.stats.Warnings))
	}
}

// TestUTF8AcrossBlocks feeds the evidence byte by byte: the counts must be those
// of one piece.
func TestUTF8AcrossBlocks(t *testing.T) {
	text := []byte("aé€𝄞\xe9z\xf0\x9f\xe2\x82\xac\xc3")
	var whole, pieces byteEvidence
	whole.scan(text)
	whole.flush()
	for i := range text {
		pieces.scan(text[i : i+1])
	}
	pieces.flush()
	if whole.sequences != 4 || whole.broken != 3 {
		t.Errorf("%d characters, %d broken; want 4 and 3", whole.sequences, whole.broken)
	}
	if whole.sequences != pieces.sequences || whole.broken != pieces.broken || whole.high != pieces.high {
		t.Errorf("in pieces: %d, %d, %d; whole: %d, %d, %d", pieces.sequences, pieces.broken, pieces.high, whole.sequences, whole.broken, whole.high)
	}
}

// TestFewTypographicBytes: a handful of windows-1252 bytes among many that both
// charsets read alike decide, and leave no doubt.
func TestFewTypographicBytes(t *testing.T) {
	content := legalHeader + "\n" + strings.Repeat(with("EcritureLib", "réglé à l'été")+"\n", 500) + with("EcritureLib", "l’été") + "\n"
	l := read(t, encoded(t, charmap.Windows1252, content), Options{})
	if l.file.Charset != Windows1252 || value(t, l, 500, "label") != "l’été" || len(ingest.English(l.file.Warnings)) != 1 {
		t.Errorf("read as %s, warnings %q", l.file.Charset, ingest.English(l.file.Warnings))
	}
}

func TestMixedCharsetsAreSaid(t *testing.T) {
	utf8Line := with("EcritureLib", "réglé") + "\n"
	content := legalHeader + "\n" + utf8Line + strings.Repeat(encoded(t, charmap.ISO8859_15, utf8Line), 3)
	l := read(t, content, Options{})
	if l.file.Charset != ISO885915 || !strings.Contains(strings.Join(ingest.English(l.file.Warnings), "\n"), "mix two charsets") {
		t.Errorf("read as %s, warnings %q", l.file.Charset, ingest.English(l.file.Warnings))
	}
}

// TestUTF8Rules compares with the standard library over every first and second
// byte.
func TestUTF8Rules(t *testing.T) {
	for first := range 256 {
		for second := range 256 {
			for _, rest := range []string{"", "\x80", "\x80\x80", "a"} {
				text := append([]byte{byte(first), byte(second)}, rest...)
				var e byteEvidence
				e.scan(text)
				e.flush()
				if (e.broken == 0) != utf8.Valid(text) {
					t.Fatalf("%x: %d broken", text, e.broken)
				}
			}
		}
	}
}
