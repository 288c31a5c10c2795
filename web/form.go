package web

import (
	"net/http"
	"net/url"
)

// postedForm reads a form of at most so many bytes. Where there is none it answers the
// request, and ok is false.
func postedForm(w http.ResponseWriter, r *http.Request, most int64) (form url.Values, ok bool) {
	r.Body = http.MaxBytesReader(w, r.Body, most)
	if err := r.ParseForm(); err != nil {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return nil, false
	}
	return r.PostForm, true
}

// sendBack leads the reader of a form to the page that it came from, which says that it
// was done, at the place of that name.
func sendBack(w http.ResponseWriter, r *http.Request, form url.Values, place string) error {
	back, err := url.Parse(localAddress(form.Get("back")))
	if err != nil {
		return errNoPage
	}
	values := back.Query()
	values.Set(doneParam, "1")
	back.RawQuery, back.Fragment = values.Encode(), place
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
	return nil
}
