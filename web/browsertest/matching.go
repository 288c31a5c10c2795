package browsertest

import (
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// matching goes to the review queue and accepts a candidate by keyboard, where one waits.
func matching(p *tab) {
	p.visit("/?lang=en")
	p.follow(".pages a[href^='/matching']")
	p.check(`!document.querySelector("main").innerText.includes("[")`, "a text is missing")
	p.follow(".languages a[hreflang=fr]")
	p.check(`document.querySelector("h1").innerText === "Qui est qui"`, "the page is not French")
	p.follow(".languages a[hreflang=en]")
	if p.holds(`document.querySelector(".matches form") === null`) {
		return // nothing can be decided here
	}
	p.check(`document.querySelectorAll(".matches mark").length > 0`, "no difference is marked")
	p.check(`document.querySelectorAll(".match-reasons svg").length > 0`, "no reason is drawn")
	p.do(chromedp.Focus(chromedp.CSS(".matches tbody tr:first-child .done summary")))
	p.do(chromedp.KeyEvent(kb.Enter))
	p.wait(`document.querySelector(".matches tbody tr:first-child .done").open`)
	p.tabTo(".matches tbody tr:first-child input[name=author]")
	p.do(chromedp.KeyEvent("Anne"))
	p.tabTo(".matches tbody tr:first-child button[value=accept]")
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.check(`location.pathname === "/matching" && document.querySelector("#done[role=status]") !== null`, "that it was kept is not said")
	p.visit("/matching?lang=en")
	p.size(380)
	p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
}
