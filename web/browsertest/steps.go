package browsertest

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chartsDrawn is true once every chart of a page is there.
const chartsDrawn = `document.querySelectorAll("[data-chart]").length > 0 &&
	[...document.querySelectorAll("[data-chart]")].every((box) => box.dataset.state === "drawn" && box.querySelector("canvas").height > 100)`

// Run drives the site at an address such as http://127.0.0.1:8080 through what a
// reader does. The site needs no sign-in and shows a project with an overdue
// customer. It skips where there is no browser, save where CI is true.
func Run(t *testing.T, baseURL string) {
	t.Helper()
	browser := start(t)
	steps := []struct {
		name string
		run  func(*tab)
	}{
		{"overview", overview},
		{"filter", filter},
		{"drill down to a source line", drillDown},
		{"language", language},
		{"sources", sources},
		{"quality", quality},
		{"changes", changes},
		{"worklist and a reminder", chase},
		{"who has worsened, why, and its segment", risk},
		{"credit decision", decide},
		{"acknowledge an alert", alerts},
		{"accept a candidate", matching},
		{"quality and sources by keyboard", tablesByKeyboard},
		{"keyboard", keyboard},
		{"dark", dark},
		{"print", printed},
		{"narrow screen", narrow},
		{"chart that fails", failingChart},
		{"error page", notFound},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) { step.run(open(t, browser, baseURL)) })
	}
	for _, page := range sitePages {
		t.Run("page "+page.name, func(t *testing.T) { page.whole(open(t, browser, baseURL)) })
	}
}

// overview shows key figures, the proof and all charts, and tooltips keep to the
// content policy.
func overview(p *tab) {
	p.scheme("light")
	p.visit("/?lang=en")
	p.wait(chartsDrawn)
	p.check(`document.querySelectorAll(".tile").length === 8`, "the key figures are not all there")
	p.check(`document.querySelector(".proof strong").offsetHeight > 0`, "the proof is not visible")
	p.check(`document.querySelectorAll("[data-chart]").length === 4`, "the charts are not all there")
	p.do(chromedp.ScrollIntoView(chromedp.CSS("[data-chart=ageing]")))
	const picture = `[...document.querySelectorAll("[data-chart=ageing] canvas")].map((layer) => layer.toDataURL()).join()`
	p.settle()
	p.eval("(window.still = " + picture + ", 1)")
	box := `document.querySelector("[data-chart=ageing]").getBoundingClientRect()`
	x, y := p.eval(box+".x + "+box+".width / 2"), p.eval(box+".y + "+box+".height / 2")
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x+3, y+3))
	p.wait(picture + " !== window.still")
	p.settle()
	p.check(`document.querySelectorAll("[data-chart=ageing] > *").length === 1`, "the tooltip is HTML, which needs inline styles")
}

// filter narrows by entity, side and overdue, in the address.
func filter(p *tab) {
	p.visit("/?lang=en")
	entity := p.text(`document.querySelector(".filter select[name=entity]").options[1].value`)
	p.do(chromedp.SetValue(chromedp.CSS(".filter select[name=entity]"), entity))
	p.follow(".filter button")
	p.check(`new URLSearchParams(location.search).get("entity") === `+quoted(entity), "the entity is not in the address")
	p.check(`document.querySelector(".filter select[name=entity]").value === `+quoted(entity), "the entity is not selected")
	p.follow(".pages a[href^='/ageing']")
	p.check(`new URLSearchParams(location.search).get("entity") === `+quoted(entity), "a link loses the entity")
	p.do(chromedp.Click(chromedp.CSS(".list-filter input[name=overdue]")))
	p.follow(".list-filter button")
	p.check(`new URLSearchParams(location.search).get("overdue") === "1"`, "the filter is not in the address")
	p.check(`document.querySelectorAll(".ageing tbody tr").length > 0`, "nothing is overdue")
	p.check(`[...document.querySelectorAll(".exports a")].every((a) => a.href.includes("overdue=1") && a.href.includes("entity="))`,
		"an export loses the filters")
	p.do(chromedp.SetValue(chromedp.CSS(".filter select[name=side]"), "supplier"))
	p.follow(".filter button")
	p.check(`new URLSearchParams(location.search).get("side") === "supplier" && new URLSearchParams(location.search).get("overdue") === "1"`,
		"the side is not in the address, or the filters are lost")
}

// drillDown goes from the largest overdue customer to a line of a file.
func drillDown(p *tab) {
	p.visit("/?lang=en")
	p.follow(".top-table tbody tr:first-child th a")
	p.wait(chartsDrawn)
	p.check(`document.querySelectorAll(".items tbody tr").length > 0`, "the customer has no items")
	p.follow(".items tbody tr:first-child th a")
	p.check(`document.querySelector(".facts .file").textContent.trim().length > 1`, "the source file is not named")
	p.check(`/^[0-9]+$/.test(document.querySelector(".facts .line").textContent.trim())`, "the source line is not named")
	p.check(`document.querySelector(".check-line.good") !== null`, "the movements do not add up")
}

// language switches, and the choice lasts.
func language(p *tab) {
	p.visit("/ageing?lang=en&sort=name")
	p.follow(".languages a[hreflang=fr]")
	p.check(`document.documentElement.lang === "fr"`, "the page is not French")
	p.check(`new URLSearchParams(location.search).get("sort") === "name"`, "the switch loses the filters")
	p.check(`document.body.innerText.includes("Balance âgée clients")`, "the title is not French")
	p.visit("/data")
	p.check(`document.documentElement.lang === "fr"`, "the choice does not last")
	p.follow(".languages a[hreflang=en]")
	p.check(`document.documentElement.lang === "en"`, "the page is not English again")
}

// sources are reached from the navigation, and say of each what became of it.
func sources(p *tab) {
	p.visit("/?lang=en")
	p.follow(".pages a[href^='/sources']")
	p.check(`document.querySelector(".pages a[aria-current=page]").pathname === "/sources"`, "the navigation does not show where we are")
	p.outline()
	p.names(20)
	p.check(`document.querySelectorAll(".sources tbody tr").length > 0`, "no source is shown")
	p.check(`[...document.querySelectorAll(".sources tbody tr")].every((row) => row.querySelector(".state").innerText.trim().length > 1)`,
		"a source has no result")
	p.check(`document.querySelectorAll("main table").length === document.querySelectorAll("main table caption").length`, "a table has no caption")
	p.follow(".languages a[hreflang=fr]")
	p.check(`document.querySelector("h1").innerText === "Sources" && document.body.innerText.includes("Dernière exécution")`, "the page is not French")
	p.follow(".languages a[hreflang=en]")
}

// quality shows the findings, the worst first, with their figures, in both languages.
func quality(p *tab) {
	p.visit("/?lang=en")
	p.follow(".pages a[href^='/quality']")
	p.check(`document.querySelector(".pages a[aria-current=page]").pathname === "/quality"`, "the navigation does not show where we are")
	p.outline()
	p.names(20)
	p.exports()
	p.check(`document.querySelectorAll(".quality tbody tr").length > 0`, "no finding is shown")
	const number = `(text) => Number(text.replace(/[^0-9]/g, ""))`
	p.check(`[...document.querySelectorAll(".identity dd")].map((dd) => (`+number+`)(dd.innerText)).reduce((a, b) => a + b) ===
		document.querySelectorAll(".quality tbody tr").length`, "the counts are not those of the list")
	p.check(`[...document.querySelectorAll(".quality tbody tr")].every((row) => (`+number+`)(row.querySelector("td.num").innerText) > 0)`,
		"a finding has no lines")
	p.check(`(() => { const order = [...document.querySelectorAll(".quality .severity")].map((cell) => ["serious error", "warning", "observation"].indexOf(cell.innerText.trim()));
		return order.every((at, i) => at >= 0 && (i === 0 || order[i - 1] <= at)); })()`, "the worst does not stand first")
	p.check(`document.querySelectorAll(".exports a[href^='/export/data-quality.']").length === 5`, "the exports are not all there")
	rows := p.eval(`document.querySelectorAll(".quality tbody tr").length`)
	p.follow(".languages a[hreflang=fr]")
	p.check(`location.pathname === "/quality" && document.querySelector("h1").innerText === "Qualité des extractions"`, "the page is not French")
	p.check(`[...document.querySelectorAll(".quality .severity")].every((cell) => ["erreur", "avertissement", "observation"].includes(cell.innerText.trim()))`,
		"a severity is not French")
	if french := p.eval(`document.querySelectorAll(".quality tbody tr").length`); french != rows {
		p.t.Errorf("%v findings in English, %v in French", rows, french)
	}
	p.follow(".languages a[hreflang=en]")
}

// changes compares two days, waiting for it as a reader does, or says that there is one
// day only.
func changes(p *tab) {
	p.visit("/?lang=en")
	p.follow(".pages a[href^='/changes']")
	p.check(`document.querySelector(".pages a[aria-current=page]").pathname === "/changes"`, "the navigation does not show where we are")
	if !p.holds(`document.querySelector(".span-filter") !== null`) {
		p.check(`document.querySelector(".empty").innerText.includes("nothing to compare yet")`, "that there is one day only is not said")
		return
	}
	p.enter(".span-filter button")
	p.check(`/^[0-9-]{10}$/.test(new URLSearchParams(location.search).get("from"))`, "the day is not in the address")
	p.wait(`document.querySelector(".computing") === null && document.querySelector(".check-line") !== null`)
	p.wait(chartsDrawn)
	const number = `(text) => Number(text.replace("\u2212", "-").replace(/[^0-9.-]/g, ""))`
	p.check(`(() => { const cells = [...document.querySelectorAll(".change-kinds tbody td:last-child, .change-kinds tfoot td:last-child")].map((cell) => (`+number+`)(cell.innerText));
		const total = cells.pop(); return Math.abs(cells.reduce((a, b) => a + b) - total) < 0.005; })()`, "the kinds do not add up to the difference")
	p.outline()
	p.names(20)
	p.exports()
	p.check(`document.querySelectorAll(".change-items tbody tr").length > 0`, "no item is listed")
	p.check(`document.querySelectorAll(".exports a[href^='/export/changes.'][href*='from=']").length === 5`, "the exports are not all there")
	p.follow(".languages a[hreflang=fr]")
	p.check(`new URLSearchParams(location.search).has("from") && document.body.innerText.includes("Apparues")`, "the page is not French, or the day is lost")
	p.follow(".languages a[hreflang=en]")
	p.size(380)
	p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
}

// tablesByKeyboard scrolls the tables of a narrow screen without a mouse.
func tablesByKeyboard(p *tab) {
	p.size(480)
	for _, path := range []string{"/quality?lang=en", "/sources?lang=en"} {
		p.visit(path)
		for range 60 {
			p.do(chromedp.KeyEvent(kb.Tab))
			if p.holds(`document.activeElement.matches(".scroll")`) {
				break
			}
		}
		p.check(`document.activeElement.matches(".scroll")`, "the table cannot be reached")
		p.check(`getComputedStyle(document.activeElement).outlineStyle !== "none"`, "the focus cannot be seen")
		p.check(`document.activeElement.scrollWidth > document.activeElement.clientWidth`, "the table does not scroll inside itself")
		p.do(chromedp.KeyEvent(kb.ArrowRight))
		p.wait(`document.activeElement.scrollLeft > 0`)
	}
}

// RunEmpty drives a site that has no source to tell of; where it has figures, there is
// no finding either.
func RunEmpty(t *testing.T, baseURL string, hasFigures bool) {
	t.Helper()
	browser := start(t)
	pages := map[string]map[string]string{"/sources": {"en": "No source:", "fr": "Aucune source"}}
	if hasFigures {
		pages["/quality"] = map[string]string{"en": "Nothing was found", "fr": "Rien n"}
	}
	for path, texts := range pages {
		t.Run("empty "+strings.TrimPrefix(path, "/"), func(t *testing.T) {
			p := open(t, browser, baseURL)
			p.visit(path + "?lang=en")
			for _, lang := range []string{"en", "fr", "en"} {
				if p.text("document.documentElement.lang") != lang {
					p.follow(".languages a[hreflang=" + lang + "]")
				}
				p.check(`location.pathname === `+quoted(path), "the language switch leads elsewhere")
				p.check(`document.querySelector(".empty").innerText.includes(`+quoted(texts[lang])+`)`, "that there is nothing is not said")
				p.check(`document.querySelectorAll("main table").length === 0`, "an empty table is shown")
			}
		})
	}
	if hasFigures {
		t.Run("every page without items", func(t *testing.T) { withoutItems(open(t, browser, baseURL)) })
	}
}

// keyboard reaches the content and the pages without a mouse, with the focus
// in sight.
func keyboard(p *tab) {
	p.visit("/?lang=en")
	p.do(chromedp.KeyEvent(kb.Tab))
	p.check(`document.activeElement.matches(".skip") && document.activeElement.getBoundingClientRect().left >= 0`,
		"the first stop is not the way to the content")
	p.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	p.check(`document.querySelector("main").contains(document.activeElement)`, "skipping does not lead to the content")
	p.visit("/?lang=en")
	for range 10 {
		p.do(chromedp.KeyEvent(kb.Tab))
		if p.holds(`document.activeElement.matches(".pages a[href^='/ageing']")`) {
			break
		}
	}
	p.check(`document.activeElement.matches(".pages a[href^='/ageing']")`, "the navigation cannot be reached")
	p.check(`getComputedStyle(document.activeElement).outlineStyle !== "none"`, "the focus cannot be seen")
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.check(`location.pathname === "/ageing"`, "the link does not open")
	p.check(`[...document.querySelectorAll(".scroll")].every((box) => box.tabIndex === 0)`, "a table cannot be scrolled")
}

// dark repaints the page and its charts when the reader's scheme changes.
func dark(p *tab) {
	const background = `getComputedStyle(document.body).backgroundColor`
	const picture = `document.querySelector("[data-chart=dso] canvas").toDataURL()`
	p.scheme("light")
	p.visit("/?lang=en")
	p.wait(chartsDrawn)
	p.settle()
	light := p.text(background)
	p.eval("(window.before = " + picture + ", 1)")
	p.scheme("dark")
	p.wait(background + " !== " + quoted(light))
	p.wait(picture + " !== window.before")
	p.check(background+`.match(/\d+/g).slice(0, 3).every((part) => Number(part) < 64)`, "the background is not dark")
}

// printed puts pictures of the charts on paper, and a file comes out.
func printed(p *tab) {
	p.scheme("dark")
	p.visit("/?lang=en")
	p.wait(chartsDrawn)
	p.eval(`(window.dispatchEvent(new Event("beforeprint")), 1)`)
	p.check(`document.querySelectorAll("[data-chart] img").length === 4`, "the charts are not on paper")
	p.check(`getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).every((part) => Number(part) > 200)`,
		"paper is not light")
	p.eval(`(window.dispatchEvent(new Event("afterprint")), 1)`)
	p.check(`document.querySelectorAll("[data-chart] img").length === 0`, "the pictures stay on the screen")
	paper, err := chromedp.Run(p.ctx, chromedp.PrintToPDF())
	p.must(err)
	if !bytes.HasPrefix(paper, []byte("%PDF-")) {
		p.t.Errorf("printing gives %d bytes that are not a PDF", len(paper))
	}
}

// narrow fits every page into 380 pixels: wide tables scroll inside themselves.
func narrow(p *tab) {
	p.size(380)
	for _, path := range []string{"/?lang=fr", "/ageing?lang=fr", "/proof?lang=fr", "/data?lang=fr", "/sources?lang=fr", "/quality?lang=fr"} {
		p.visit(path)
		p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
	}
	p.visit("/?lang=fr")
	p.follow(".top-table tbody tr:first-child th a")
	p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
	p.follow(".items tbody tr:first-child th a")
	p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
}

// failingChart says so and opens the table with the same figures.
func failingChart(p *tab) {
	p.lenient = true // the browser logs the request that is blocked
	p.must(block(p.ctx, p.base+"/charts/*"))
	p.visit("/?lang=en")
	p.wait(`[...document.querySelectorAll("[data-chart]")].every((box) => box.dataset.state === "message")`)
	p.check(`document.querySelector("[data-chart]").innerText.includes("could not be loaded")`, "the failure is not said")
	p.check(`document.querySelector("details.alternative").open`, "the table is not shown instead")
}

func block(ctx context.Context, pattern string) error {
	_, err := chromedp.Call(ctx, network.SetBlockedURLs, network.SetBlockedURLsParams{
		URLPatterns: []*network.BlockPattern{{URLPattern: pattern, Block: true}},
	})
	return err
}

// quoted is a JavaScript string.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
