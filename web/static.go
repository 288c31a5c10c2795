package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed static
var staticFiles embed.FS

// contentTypes does not leave to the machine's own table what a browser, told
// not to guess, needs to know.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// assets are the embedded static files under addresses that carry their hash,
// so that a browser may keep them for ever.
type assets struct {
	byPath map[string]*asset // hashed path → file
	hashed map[string]string // plain path → hashed path
}

type asset struct {
	contentType string
	body        []byte
	gzipped     func() []byte // nil where it would not be smaller
}

func loadAssets() (*assets, error) {
	all := &assets{byPath: map[string]*asset{}, hashed: map[string]string{}}
	err := fs.WalkDir(staticFiles, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := staticFiles.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read static file %q: %w", name, err)
		}
		extension := path.Ext(name)
		contentType, ok := contentTypes[extension]
		if !ok {
			contentType = "text/plain; charset=utf-8" // licences
			if known := mime.TypeByExtension(extension); strings.HasPrefix(known, "image/") {
				contentType = known
			}
		}
		sum := sha256.Sum256(body)
		plain := strings.TrimPrefix(name, "static/")
		hashed := strings.TrimSuffix(plain, extension) + "." + hex.EncodeToString(sum[:6]) + extension
		all.byPath[hashed] = &asset{contentType: contentType, body: body, gzipped: sync.OnceValue(func() []byte { return compress(body) })}
		all.hashed[plain] = hashed
		return nil
	})
	return all, err
}

// URL returns the address of a static file, such as css/app.css; an error where
// there is none, which stops the rendering of the page.
func (a *assets) URL(name string) (string, error) {
	hashed, ok := a.hashed[name]
	if !ok {
		return "", fmt.Errorf("find static file %q: %w", name, fs.ErrNotExist)
	}
	return "/static/" + hashed, nil
}

func compress(body []byte) []byte {
	var out bytes.Buffer
	writer, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := writer.Write(body); err != nil {
		return nil
	}
	if err := writer.Close(); err != nil || out.Len() >= len(body) {
		return nil
	}
	return out.Bytes()
}

func (s *server) static(w http.ResponseWriter, r *http.Request) error {
	file, ok := s.assets.byPath[strings.TrimPrefix(r.URL.Path, "/static/")]
	if !ok {
		return errNoPage
	}
	header := w.Header()
	header.Set("Content-Type", file.contentType)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Vary", "Accept-Encoding")
	body := file.body
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if small := file.gzipped(); small != nil {
			header.Set("Content-Encoding", "gzip")
			body = small
		}
	}
	header.Set("Content-Length", fmt.Sprint(len(body)))
	_, err := w.Write(body)
	s.logWrite(err)
	return nil
}
