package archive

import (
	"errors"
	"fmt"
	"io"
	"os"
)

const (
	// bombRatio and bombFloor bound what an archive may hold: more than bombFloor
	// bytes of content are taken only up to bombRatio times the compressed size.
	// Padded ledgers compress by 20 to 50.
	bombRatio = 100
	bombFloor = 64 << 20
)

func contentLimit(compressed int64) int64 {
	if compressed > (1<<62)/bombRatio {
		return 1 << 62
	}
	return max(bombFloor, bombRatio*compressed)
}

func (u Use) guard(label string, content io.Reader, compressed int64) io.Reader {
	return &bombGuard{use: u, src: content, left: contentLimit(compressed), label: label, compressed: compressed}
}

// bombGuard stops a stream that is out of proportion to its compressed size.
type bombGuard struct {
	use        Use
	src        io.Reader
	left       int64
	label      string
	compressed int64
}

func (g *bombGuard) Read(p []byte) (int, error) {
	n, err := g.src.Read(p)
	if g.left -= int64(n); g.left < 0 {
		return 0, g.use.bomb(g.label, g.compressed)
	}
	if err != nil && err != io.EOF {
		err = g.use.damaged(g.label, err)
	}
	return n, err
}

func (u Use) bomb(label string, compressed int64) error {
	return u.Refuse(Refusal{
		Kind: Bounds, Path: label,
		Problem: fmt.Sprintf("its %d compressed bytes hold more than %d times as many (and more than %d MB), as no %s does",
			compressed, bombRatio, bombFloor>>20, u.Content),
		Advice: "If it is a true " + u.Content + ", decompress it and load the file",
	})
}

func (u Use) damaged(label string, err error) error {
	var system *os.PathError
	if errors.As(err, &system) {
		return err
	}
	return u.Refuse(Refusal{
		Path: label, Problem: fmt.Sprintf("it is an archive (ZIP, gzip) or an Excel workbook that cannot be read (%v)", err),
		Advice: "Copy or compress it again; s" + u.Sheet[1:],
	})
}

// Spool copies a stream into a temporary file, for formats that are not read from one
// end to the other; it refuses more than limit bytes. The caller removes the file.
func (u Use) Spool(m Member, limit int64) (path string, err error) {
	in, err := m.Open()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.CreateTemp("", "encours-unpacked-*")
	if err != nil {
		return "", fmt.Errorf("unpack %q: %w", m.Label, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(out.Name()))
		}
	}()
	n, err := io.Copy(out, io.LimitReader(in, limit+1))
	if err = errors.Join(err, out.Close()); err != nil {
		return "", err
	}
	if n > limit {
		return "", u.Refuse(Refusal{
			Kind: Bounds, Path: m.Label, Problem: fmt.Sprintf("it holds more than %d MB", limit>>20),
			Advice: "Decompress it and load the file",
		})
	}
	return out.Name(), nil
}
