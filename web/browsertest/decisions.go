package browsertest

import (
	"github.com/chromedp/chromedp"
)

// decide goes from a customer to the form, asks about an order by keyboard, and finds
// the answer in the list. The site keeps decisions.
func decide(p *tab) {
	p.visit("/ageing?lang=en&sort=open")
	p.follow(".ageing tbody th a")
	p.check(`document.querySelector("#h-standing") !== null`, "the page of the customer does not say what stands")
	p.follow("[aria-labelledby=h-standing] a[href^='/decisions']")
	p.check(`document.querySelector("form[method=post] input[name=customer]").value !== ""`, "the customer is not filled in")
	p.do(chromedp.SendKeys(chromedp.CSS("form[method=post] input[name=amount]"), "1 250,50"),
		chromedp.SendKeys(chromedp.CSS("form[method=post] input[name=by]"), "Anne"))
	p.follow("form[action='/decisions'][method=post] button")
	p.check(`document.querySelector("#h-answer strong").innerText.trim() !== ""`, "there is no answer")
	p.check(`document.querySelector("[aria-labelledby=h-answer] dl").innerText.includes("1,250.50")`, "the amount of the order is not shown")
	p.check(`document.querySelectorAll(".decisions tbody tr").length > 0`, "the answer is not in the list")
	p.check(`!document.body.innerText.includes("[")`, "a text is missing")
	p.follow(".languages a[hreflang=fr]")
	p.check(`document.querySelector("h1").innerText.includes("Décisions de crédit")`, "the page is not French")
	p.follow(".languages a[hreflang=en]")
	p.follow(".decisions tbody tr:first-child th a")
	p.check(`document.querySelector("#h-answer") !== null`, "a row does not lead to its answer")
	p.size(380)
	p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
}
