package main

import (
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
	"github.com/encours/encours/reports"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		h, err := web.New(web.Config{Reports: webtest.New(), Version: "dev"})
		if err != nil { panic(err) }
		l, _ := net.Listen("tcp", "127.0.0.1:18080")
		fmt.Println(web.Serve(context.Background(), l, h))
		return
	}
	fake := webtest.New()
	fake.Checks = []reports.CheckResult{{Name: "fct_items_due_date", Severity: "warn", Sentence: "Some items have no due date and stand in the bucket unknown.", Rows: 12}}
	h, err := web.New(web.Config{Reports: fake, Version: "dev"})
	if err != nil { panic(err) }
	srv := httptest.NewServer(h)
	bad := webtest.New(); bad.Status = "difference"; bad.Difference = 12345; bad.Estimated = true
	h2, _ := web.New(web.Config{Reports: bad, Version: "dev"})
	srv2 := httptest.NewServer(h2)
	h3, _ := web.New(web.Config{Reports: bad, Version: "dev", Token: strings.Repeat("x", 30)})
	srv3 := httptest.NewServer(h3)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox, chromedp.DisableGPU)
	actx, c := chromedp.NewExecAllocator(context.Background(), opts...)
	defer c()
	bctx, c2 := chromedp.NewContext(actx)
	defer c2()
	chromedp.Do(bctx)
	shot := func(name, url string, width int64, dark bool, pdf bool) {
		ctx, cancel := chromedp.NewContext(bctx)
		defer cancel()
		ctx, cancel = context.WithTimeout(ctx, 60*time.Second)
		defer cancel()
		if err := chromedp.Do(ctx); err != nil { panic(err) }
		chromedp.Listen(ctx, func(ev any) {
			switch e := ev.(type) {
			case *runtime.EventConsoleAPICalled:
				for _, a := range e.Args { fmt.Println(name, "console", string(a.Value)) }
			case *log.EventEntryAdded:
				fmt.Println(name, "log", e.Entry.Text)
			case *runtime.EventExceptionThrown:
				fmt.Println(name, "exc", e.ExceptionDetails.Text)
			}
		})
		scheme := "light"
		if dark { scheme = "dark" }
		must := func(_ any, err error) { if err != nil { fmt.Println(name, err) } }
		must(chromedp.Call(ctx, log.Enable, cdp.Empty{}))
		must(chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1}))
		must(chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}))
		must(nil, chromedp.Do(ctx, chromedp.Navigate(url), chromedp.Sleep(900*time.Millisecond)))
		var buf []byte
		var err error
		if pdf {
			buf, err = chromedp.Run(ctx, chromedp.PrintToPDF(func(p *page.PrintToPDFParams) { t := true; p.PreferCSSPageSize = &t }))
		} else {
			buf, err = chromedp.Run(ctx, chromedp.FullScreenshot(100))
		}
		must(nil, err)
		over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - window.innerWidth`))
		must(nil, err)
		if over > 0 { fmt.Println(name, "OVERFLOW", over) }
		ext := ".png"
		if pdf { ext = ".pdf" }
		os.WriteFile("/tmp/shots/"+name+ext, buf, 0o644)
		fmt.Println("done", name)
	}
	only := ""
	if len(os.Args) > 1 { only = os.Args[1] }
	for _, s := range []struct{ n, u string; w int64; d, p bool }{
		{"overview-fr-1280", srv.URL + "/?lang=fr", 1280, false, false},
		{"overview-en-1280-dark", srv.URL + "/?lang=en&entity=ALPHA", 1280, true, false},
		{"overview-fr-390", srv.URL + "/?lang=fr", 390, false, false},
		{"ageing-fr-1280", srv.URL + "/ageing?lang=fr", 1280, false, false},
		{"ageing-en-390-dark", srv.URL + "/ageing?lang=en&bucket=61-90", 390, true, false},
		{"cp-fr-1280", srv.URL + "/counterparties/ALPHA/customer/C0114?lang=fr", 1280, false, false},
		{"item-fr-1280", srv2.URL + "/items/ALPHA/3?lang=fr", 1280, false, false},
		{"item-fr-390", srv2.URL + "/items/ALPHA/3?lang=fr", 390, false, false},
		{"proof-fr-1280", srv2.URL + "/proof?lang=fr", 1280, false, false},
		{"data-en-1280", srv.URL + "/data?lang=en", 1280, false, false},
		{"problem-fr", srv.URL + "/?lang=fr&side=both", 1280, false, false},
		{"signin-en", srv3.URL + "/?lang=en", 1280, false, false},
		{"overview-fr-print", srv.URL + "/?lang=fr", 1280, true, true},
		{"ageing-fr-print", srv.URL + "/ageing?lang=fr", 1280, false, true},
	} {
		if strings.Contains(s.n, only) { shot(s.n, s.u, s.w, s.d, s.p) }
	}
}
