"""The twelve ways: who begins, what it takes, and where the evidence stands. No word to translate."""

from interlock.web.ways.twelve.shape import (
    Basis,
    Begins,
    Facts,
    Known,
    Money,
    Source,
    Time,
)

_ESSAY = Source(
    "geo.coop, A. Kolokotronis, “Towards a New Policy Paradigm”",
    "http://www.geo.coop/blog/towards-new-policy-paradigm-synergizing-participatory-budgeting-and-worker-cooperatives",
)
_PABULIB = Source("Pabulib, pabulib.org (real ballots of PB votes)", "https://pabulib.org/")
_LAW_22 = Source(
    "legistar.council.nyc.gov, Int 0423-2014, Local Law 22 of 2015",
    "https://legistar.council.nyc.gov/LegislationDetail.aspx?ID=1853950&GUID=917F9D68-6081-4BE0-BABA-B9910461817F",
)
_OURS = Known(Basis.OURS)


def _read(*sources: tuple[str, str]) -> Known:
    return Known(Basis.READ, tuple(Source(*one) for one in sources))


FACTS: tuple[Facts, ...] = (
    Facts(
        "deliver-what-was-chosen",
        Begins.CITY,
        Money.EXPENSE,
        Time.MONTHS,
        (
            _read(
                (
                    "gothamist.com, 17 May 2023",
                    "https://gothamist.com/news/how-should-the-city-spend-5-million-new-yorkers-can-help-decide",
                ),
                (
                    "nyc.gov, Civic Engagement Commission",
                    "https://www.nyc.gov/site/civicengagement/our-programs/participatory-budgeting.page",
                ),
            ),
            _read(
                (
                    "participatorybudgeting.org, Vallejo",
                    "http://www.participatorybudgeting.org/what-we-do/where-we-work/vallejo/",
                )
            ),
            _OURS,
        ),
        ("budgets", "explore", "needs"),
    ),
    Facts(
        "fair-bids",
        Begins.CITY,
        Money.NONE,
        Time.MONTHS,
        (
            _read(
                (
                    "peopleseconomy.org",
                    "https://peopleseconomy.org/create-public-procurement-incentives-for-worker-cooperatives/",
                )
            ),
            Known(
                Basis.READ,
                (
                    _LAW_22,
                    Source(
                        "laborpress.org, 25 February 2015",
                        "http://laborpress.org/city-council-boosts-worker-cooperatives/",
                    ),
                ),
            ),
            _read(("workercoop.nyc", "http://workercoop.nyc/en/procurement")),
        ),
        ("institutions", "needs", "explore"),
    ),
    Facts(
        "city-co-op-programme",
        Begins.CITY,
        Money.EXPENSE,
        Time.YEARS,
        (
            _read(
                (
                    "nycworker.coop, Working with Government",
                    "http://www.nycworker.coop/working-with-government/",
                ),
                (
                    "theworkingworld.org, 26 February 2015",
                    "https://www.theworkingworld.org/us/city-council-will-decide-to-include-co-ops-in-reports-for-city-contracting/",
                ),
            ),
            _read(
                (
                    "nycworker.coop, WCBDI update",
                    "https://nycworker.coop/worker-cooperative-business-development-initiative-wcbdi-update/",
                )
            ),
            _read(
                (
                    "democratandchronicle.com, 10 April 2016",
                    "https://www.democratandchronicle.com/story/news/2016/04/10/mayor-lovely-warren-cleveland-evergreen-cooperatives-co-ops-teach-rochester/82436948/",
                )
            ),
            Known(Basis.COUNTED, (_PABULIB,)),
            _OURS,
        ),
        ("budgets", "ties", "institutions"),
    ),
    Facts(
        "anchor-buyers",
        Begins.CITY,
        Money.NONE,
        Time.YEARS,
        (
            _read(
                ("thenews.coop", "https://thenews.coop/?p=143245"),
                (
                    "cles.org.uk",
                    "https://cles.org.uk/community-wealth-building-in-practice/community-wealth-building-places/community-wealth-building-in-preston/",
                ),
            ),
            _read(
                (
                    "use.metropolis.org",
                    "https://use.metropolis.org/case-studies/growing-a-social-and-solidarity-economy-to-regenerate-neighborhoods",
                )
            ),
            _read(("commonwealthhv.org", "https://commonwealthhv.org/lead-with-anchor-customers/")),
            _read(("disco.coop", "https://www.disco.coop/labs/cooperation-jackson/")),
        ),
        ("ties", "explore", "needs"),
    ),
    Facts(
        "co-ops-on-the-ballot",
        Begins.COOP,
        Money.EXPENSE,
        Time.MONTHS,
        (
            Known(
                Basis.COUNTED,
                (
                    Source(
                        "NYC Open Data wwhr-5ven (copy: bkim3395/nycParticipates)",
                        "https://github.com/bkim3395/nycParticipates",
                    ),
                ),
            ),
            _read(
                (
                    "otdowntown.com, 2022-01-07",
                    "http://www.otdowntown.com/news/menin-announces-participatory-budgeting-MN1924853",
                )
            ),
        ),
        ("budgets", "institutions"),
    ),
    Facts(
        "campaign-for-pb",
        Begins.COOP,
        Money.NONE,
        Time.YEARS,
        (
            _read(
                (
                    "clevelandowns.coop",
                    "https://clevelandowns.coop/blog/participatory-budgeting-in-cleveland-and-the-solidarity-economy",
                )
            ),
            _read(
                (
                    "clevelandowns.coop",
                    "https://www.clevelandowns.coop/blog/pb-cle-pushes-for-economic-democracy-in-cleveland",
                ),
                (
                    "clevelandmagazine.com",
                    "https://clevelandmagazine.com/in-the-cle/the-read/articles/peoples-budget-on-the-ballot-inside-clevelands-push-for-participatory-budgeting",
                ),
                (
                    "ideastream.org",
                    "https://ideastream.org/news/tags/participatory-budgeting",
                ),
            ),
        ),
        ("budgets", "ties", "institutions"),
    ),
    Facts(
        "pb-inside-a-co-op",
        Begins.COOP,
        Money.COOP_FUND,
        Time.WEEKS,
        (
            _read(
                (
                    "Hypha Worker Co-operative, bylaws of 13 June 2020, 6.4.A",
                    "https://handbook-hypha-coop.ipns.ipfs.hypha.coop/Hypha-Worker-Co-operative/bylaws.html",
                )
            ),
            _read(
                (
                    "laltramirada.cat",
                    "https://laltramirada.cat/article/6-2-som-energia-assemblea-general-2019/",
                )
            ),
            _OURS,
        ),
        ("budgets", "institutions"),
    ),
    Facts(
        "a-commons-fund",
        Begins.COOP,
        Money.COOP_FUND,
        Time.YEARS,
        (
            _read(
                (
                    "baidc.revistas.deusto.es, 58/2021",
                    "https://baidc.revistas.deusto.es/article/download/1865/2544?inline=1",
                )
            ),
            Known(Basis.KNOWN),
            Known(Basis.KNOWN),
            _OURS,
        ),
        ("budgets", "ties"),
    ),
    Facts(
        "residents-vote-on-investments",
        Begins.EITHER,
        Money.LOAN,
        Time.YEARS,
        (
            _read(
                (
                    "ujimaboston.com",
                    "https://www.ujimaboston.com/post/the-nation-s-first-democratically-governed-investment-fund-passes-1-million-deployment-milestone",
                )
            ),
            _read(
                (
                    "impactalpha.com, 5 May 2021",
                    "https://impactalpha.com/bostons-ujima-fund-demonstrates-the-investment-power-of-neighborhood-democracy/",
                )
            ),
            _read(
                (
                    "Boston Ujima Project, ballot result, 2022-01-31",
                    "https://api.neonemails.com/emails/content/bbsBroSdpZ4IG2VtZZ7_Z0cfJONDrv4BAwpGpEYvdJ8=",
                )
            ),
        ),
        ("budgets", "institutions", "ties"),
    ),
    Facts(
        "practise-at-work-and-school",
        Begins.EITHER,
        Money.EXPENSE,
        Time.WEEKS,
        (
            _read(
                (
                    "resilience.org, A. Kolokotronis",
                    "https://www.resilience.org/resilience-author/alexander-kolokotronis/",
                )
            ),
            Known(Basis.COUNTED, (_PABULIB,)),
        ),
        ("budgets",),
    ),
    Facts(
        "people-who-are-both",
        Begins.EITHER,
        Money.NONE,
        Time.WEEKS,
        (
            Known(Basis.READ, (_ESSAY,)),
            Known(
                Basis.COUNTED,
                (_PABULIB, Source("Economic Census 2019 and map 2021, DAWI (docslib.org 7727711)")),
            ),
            _OURS,
        ),
        ("institutions", "ties", "budgets"),
    ),
    Facts(
        "work-for-the-process",
        Begins.EITHER,
        Money.EXPENSE,
        Time.WEEKS,
        (
            _OURS,
            _read(
                (
                    "manhattantimesnews.com, 2022-09",
                    "https://www.manhattantimesnews.com/the-peoples-money-el-dinero-del-pueblo/",
                )
            ),
        ),
        ("needs", "explore", "institutions"),
    ),
)
