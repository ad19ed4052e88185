"""The twelve ways in English."""

from collections.abc import Mapping

from interlock.web.ways.twelve.shape import Keeps, Needs, Prompt, Roles, Told

# fmt: off
TEXTS: Mapping[str, Told] = {
    "deliver-what-was-chosen": Told(
        title="Co-ops deliver what residents chose",
        line="Residents choose programmes; organisations, worker co-ops among them, are called to carry them out.",
        proof="New York, 2023: $5 million for year-long programmes, carried out by outside organisations.",
        what="Residents vote on services and programmes instead of benches and kerbs. For each winner the city calls for organisations to carry it out, and a worker co-op answers like anybody else.",
        evidence=(
            "In 2023 everybody in New York City aged 11 or older could vote on $5 million of running money, spent on programmes of a year. The city said that it would announce which organisations carry them out.",
            "In Vallejo, California, nearly 4,000 residents gave $3.2 million to 12 projects in 2013. Programmes and services could win there, not only things that are built.",
            "A worker co-op that won such a call after a vote: please tell us of one.",
        ),
        needs=Needs(
            money=("A pot of expense money. Capital money cannot pay for work that leaves no thing behind.",),
            law=("Rules for a call, or a limit below which the city may choose directly.",),
            people=("Somebody in the city office who runs the call.", "A co-op with insurance and time to write a bid."),
            time=("Two to four months from the result to the first day of work.",),
        ),
        traps=(
            "The ballot names no one who could do it, so nobody asks whether anybody can. Ask before the vote what it would take.",
            "Payment comes months after the work. A small co-op cannot wait: agree on a first payment.",
            "The call asks for turnover and bonds that only large firms have. Size them to the job.",
        ),
        roles=Roles(
            city="Makes the pot, publishes the call with its criteria, pays by milestones.",
            coop="Says early what it can do and at what cost, bids, delivers, shows what it did.",
            federation="Finds co-ops for each winner, joins several small ones in one bid.",
            residents="Propose and choose; afterwards they see what was delivered.",
        ),
        keeps=Keeps(
            city="It still decides by its own rules who gets the contract, and answers for it.",
            coop="It is a bidder like others; its members decide whether to bid at all.",
        ),
        template=(
            Prompt("What residents chose", "Name the vote, the project, its cost and the pot it is paid from."),
            Prompt("Who carries it out", "Which co-op does which part? What did its members decide?"),
            Prompt("Milestones and payments", "What is done by when, and what is paid then? Begin with a payment before the first wages are due."),
            Prompt("How residents see it", "Where and how often do you show what was done?"),
            Prompt("If it does not work", "Who says so first, and what happens with the rest of the money?"),
        ),
    ),
    "fair-bids": Told(
        title="Bids in which ownership counts",
        line="The city’s rules for buying give a published weight to worker ownership, and the city counts what it buys.",
        proof="New York’s Local Law 22 of 2015: the city reports what it buys from worker co-ops.",
        what="The city writes into its rules for buying that worker ownership counts: a discount in the comparison of bids, or points. It says beforehand how much, and reports afterwards what it bought from co-ops.",
        evidence=(
            "A policy group in the United States describes the tools: a percentage taken off a co-op’s bid when bids are compared, points in the scoring, a certification that holds for five years, a reward for large contractors who give parts to co-ops.",
            "Since 2015 the city of New York has to report the contracts it gives to worker co-ops. Those who asked for the law said that what is measured gets noticed.",
            "New York’s co-ops ask for more: small contracts for which co-ops are asked to bid, and a certification that their own federation gives.",
        ),
        needs=Needs(
            money=("None that is new: the city buys anyway.",),
            law=("A council decision or a change of the rules for buying; have a lawyer say what higher law allows.",),
            people=("A buyer who wants it.", "Somebody who can certify what a worker co-op is."),
            time=("Half a year to a year for the rules; then each purchase takes as long as before.",),
        ),
        traps=(
            "A firm calls itself a co-op. Let the federation certify, with a date on which it ends.",
            "The discount is there, and no co-op bids, because nobody told them. Send each call to the register.",
            "The weight is fixed after the bids are opened. Publish it before, or the award will not stand.",
        ),
        roles=Roles(
            city="Writes and publishes the weights, sends small contracts to co-ops too, reports once a year.",
            coop="Registers, keeps its certification valid, bids.",
            federation="Certifies, teaches bidding, tells the city which calls nobody could answer.",
            residents="Read the yearly report.",
        ),
        keeps=Keeps(
            city="The best offer still wins; what counts as best is written down for all to read.",
            coop="Its members own it, and that is all the certification asks; the city does not look inside.",
        ),
        template=(
            Prompt("What counts, and how much", "Which purchases? A discount of how many per cent, or how many points of a hundred?"),
            Prompt("Legal basis", "Which law or decision allows it, and who has checked?"),
            Prompt("Who certifies", "By which criteria, for how long, and who hears complaints?"),
            Prompt("How co-ops hear of calls", "Where is each call sent, and how many days before it closes?"),
            Prompt("What is reported", "Which numbers, when, and where published?"),
        ),
    ),
    "city-co-op-programme": Told(
        title="A city programme for co-ops",
        line="The council pays for advice, training and start-up help for co-ops, year after year.",
        proof="New York, from 2014: $1.2 million in the first year, when the city had about 23 worker co-ops.",
        what="The city pays organisations that found and advise co-ops, out of its own budget. Residents can decide on it in a pot of its own, instead of the council alone.",
        evidence=(
            "For the budget year 2015 New York’s council gave $1.2 million to organisations that support worker co-ops. The city then had about 23 of them.",
            "In the pandemic year the programme lost 15 % of its money, $541,350, shared by 13 organisations. The year after it had it back.",
            "Rochester, New York, planned a network of co-ops in 2016 and estimated $1.3 million for three years.",
            "The same Rochester let residents decide on $200,000 in 2019; 1,460 ballots are published.",
            "Residents decide by PB what a city’s co-op programme pays for.",
        ),
        needs=Needs(
            money=("Expense money, promised for more than one year.",),
            law=("A line in the budget; rules for grants to organisations.",),
            people=("At least one organisation that has founded co-ops before.", "Council members who defend it each year."),
            time=("A budget season to win it, two years until new co-ops stand on their feet.",),
        ),
        traps=(
            "The line has to be won anew every year, and goes first when money is short. Show numbers that people understand.",
            "The programme pays advisers and no co-op. Publish both: what it paid, and which co-ops it led to.",
            "It counts co-ops founded and not those that live. Count them again after three years.",
        ),
        roles=Roles(
            city="Puts the line in the budget, chooses organisations in the open, publishes results.",
            coop="Tells what help it used, teaches the next ones.",
            federation="Speaks for all of them before the council; coordinates, so that organisations do not compete for the same founders.",
            residents="Propose the pot, vote on it, found co-ops.",
        ),
        keeps=Keeps(
            city="It decides on its budget, and can end the programme.",
            coop="The city pays for help, not for shares: it owns nothing and has no vote in a co-op.",
        ),
        template=(
            Prompt("What the programme pays for", "Advice, training, start-up money, translation? For whom first?"),
            Prompt("Money and years", "How much a year, from which pot, for how many years?"),
            Prompt("Who does the work", "Which organisations, chosen how, and by when do they answer for it?"),
            Prompt("What residents decide", "The size, the priorities, or the whole? In which vote?"),
            Prompt("How we will know", "Which three numbers do you publish each year?"),
        ),
    ),
    "anchor-buyers": Told(
        title="Large buyers that stay in town",
        line="Hospitals, universities and the city buy near and from co-ops, and co-ops are founded for what is missing.",
        proof="Preston, England: £112.3 million of such buying stayed in the city, £74 million more than before.",
        what="Institutions that cannot move away look at what they buy, and how much of it could come from near by. Where nobody near sells it, they help found a worker co-op that will.",
        evidence=(
            "In Preston the spending of such institutions that stayed in the city rose to £112.3 million, £74 million more than in 2012/13. Council and university set up two networks that help found worker co-ops.",
            "Barcelona gave €24.6 million to a programme for the social and solidarity economy from 2015 to 2019, made together with those it was for.",
            "In Cleveland, Ohio, hospitals and a university became the first customers of three new co-ops; together they came to employ more than 200 people, two thirds of them owners.",
            "Cooperation Jackson in Mississippi builds the whole round: a federation, a place where co-ops are founded, a school and a bank of their own.",
        ),
        needs=Needs(
            money=("None that is new for buying; start-up money for what is missing.",),
            law=("Rules for buying that look at more than the price.",),
            people=("Buyers of three or four institutions at one table.", "A co-op developer."),
            time=("A year to look through the bills; two to five until a new co-op lives from several customers.",),
        ),
        traps=(
            "A co-op with one customer falls with that customer. Ask for three from the first day.",
            "Near is not the same as democratic. Say what share goes to firms owned by those who work there.",
            "It is planned for people and not with them. Those who will work there decide what is founded.",
        ),
        roles=Roles(
            city="Calls the others to the table, opens its own bills first.",
            coop="Says what it can supply and from when; does not promise more.",
            federation="Founds what is missing; bundles small suppliers.",
            residents="Work there, own it, and choose in PB what the neighborhood lacks.",
        ),
        keeps=Keeps(
            city="Each institution buys for itself; there is no common purse.",
            coop="It sells to many, not only to those who helped at the start.",
        ),
        template=(
            Prompt("What is bought now", "For which goods and services do you open your bills, and for which year?"),
            Prompt("What could come from near", "Which co-ops supply it today, and how much could they take on?"),
            Prompt("What is missing", "Which co-op would have to be founded, by whom, and with what start-up money?"),
            Prompt("What each promises", "A share, an amount, a date, for each institution."),
            Prompt("How it is counted", "Who adds it up each year, and where can residents read it?"),
        ),
    ),
    "co-ops-on-the-ballot": Told(
        title="A co-op project on the ballot",
        line="Residents and a co-op propose support for co-ops as a project, and it stands on the ballot like any other.",
        proof="New York, 2017: 2,566 votes for a co-op project, second of eight on its ballot.",
        what="A project that helps co-ops is put on the PB ballot: a shared workshop, a course for founders, tools. Whether it is funded, residents decide, as with a park.",
        evidence=(
            "In 2017 “Empower Immigrant Workers by Supporting Local Cooperative” stood on the ballot for running money in New York’s District 39. It got 2,566 votes and came second of eight. It is the only item that names a co-op among 1,491 of the years 2012 to 2017, nearly all of them for things that are built; the file does not say which were funded.",
            "One reason is the rules: in New York’s District 5, for example, a project of 2022 had to be a thing that is built, cost at least $50,000 and last five years.",
        ),
        needs=Needs(
            money=("A pot of expense money, or a project that is a thing: a workshop, a kitchen, machines the city owns.",),
            law=("Rules that let money go to an organisation, or something the city buys and lends.",),
            people=("Five residents who propose it and are not all members of the co-op.", "A co-op that gives the costs."),
            time=("One PB season, from ideas to the vote.",),
        ),
        traps=(
            "It is refused because the pot is for capital. Ask first which pot would fit, and whether there is one.",
            "It looks like a firm asking for a gift. Say what everybody gets, not only the members.",
            "The co-op’s people fill the assembly. Let residents speak for it; say openly who is a member.",
        ),
        roles=Roles(
            city="Says in writing which pots pay for it, and why not, where none does.",
            coop="Gives costs, shows its books on the project, campaigns fairly.",
            federation="Brings the example of other towns; helps where the project is for several co-ops.",
            residents="Propose, improve, vote.",
        ),
        keeps=Keeps(
            city="It checks the project like any other, and counts the votes.",
            coop="It asks for a project, not for its upkeep; it lives without it too.",
        ),
        template=(
            Prompt("The project in three sentences", "What will be there afterwards that is not there today?"),
            Prompt("Who gets something from it", "Members, and who else? How many people in a year?"),
            Prompt("Cost and pot", "What does it cost, once and each year? Which fund type fits, and why?"),
            Prompt("Who proposes it", "Which residents, which co-op, and how are they related?"),
            Prompt("Afterwards", "Who owns what was bought, and who keeps it running?"),
        ),
    ),
    "campaign-for-pb": Told(
        title="Co-ops campaign for participatory budgeting",
        line="A co-op developer and neighbors ask the city to let residents decide on a part of the budget.",
        proof="Cleveland, 2021: a co-op developer among those who asked for $30.8 million in residents’ hands.",
        what="People who know how to decide together at work ask for the same in town. The co-op side lends its people, its rooms and its patience to a campaign for PB.",
        evidence=(
            "Cleveland Owns, which founds co-ops, was among those who in 2021 asked that residents decide on $30.8 million of federal recovery money over two years. It calls PB the cousin of co-ops in the public sector.",
            "The council set a smaller plan aside without a vote. In 2023 residents voted on 2 % of the city’s budget, about $14 million a year, and the measure failed. The group then began again in one neighborhood, with private money.",
        ),
        needs=Needs(
            money=("None from the city; paid hours for one organiser.",),
            law=("To know who can decide it: mayor, council, or a vote on the charter.",),
            people=("Ten organisations that stand up together, more than co-ops alone.", "Two council members who want it."),
            time=("A year or two. Most campaigns lose once before they win.",),
        ),
        traps=(
            "The council sees it as a loss of power. Ask for a small amount first, and offer to run it together.",
            "It is seen as the co-ops’ own interest. Say beforehand that you do not bid in the first round, or that all may.",
            "It stands on one payment from above. Ask for a yearly share of the budget.",
        ),
        roles=Roles(
            city="Listens; says what amount and which pot are possible; tries it once.",
            coop="Lends people and rooms, teaches meetings that decide.",
            federation="Brings organisations together, speaks to the council.",
            residents="Gather the first ideas and signatures; lead the campaign.",
        ),
        keeps=Keeps(
            city="The council keeps the budget: it decides how much residents decide.",
            coop="It is one among many; the campaign is not a branch of it.",
        ),
        template=(
            Prompt("What we ask for", "Which amount, from which budget, from which year?"),
            Prompt("Who stands behind it", "Which organisations, and how many people?"),
            Prompt("What we bring", "Rooms, facilitators, languages: what do you give to the first round?"),
            Prompt("A first round", "Where, with how much, and when? What would count as success?"),
            Prompt("Interests, openly", "Which of you could gain from it, and how do you deal with that?"),
        ),
    ),
    "pb-inside-a-co-op": Told(
        title="PB with a co-op’s own money",
        line="Members decide on a named part of the surplus as residents decide on a pot: ideas, costs, ballot, count.",
        proof="Som Energia, 2019: a third of a yearly fund, about €25,000, for projects of its local groups.",
        what="A co-op sets aside a named fund and lets its members decide on it with the same steps as a town. It learns PB at home, with its own money, and a city can watch how it is done.",
        evidence=(
            "Hypha, a worker co-op in Canada, writes in its bylaws that 80 % of a surplus goes to reserves, and that the yearly meeting places money in reserve accounts upon proposals brought to it.",
            "In 2019 the members of Som Energia in Spain voted that a third of a yearly fund for education and promotion, about €25,000, goes to projects of local groups.",
            "A whole PB round inside a worker co-op, from ideas to a count by shares, on a part of its surplus.",
        ),
        needs=Needs(
            money=("A fund with a name and an amount; better small and every year than large and once.",),
            law=("A decision of the members, or bylaws that allow it; an accountant’s word on tax.",),
            people=("Two members who run it.", "Members who bring ideas; five are enough."),
            time=("Three weeks: one for ideas, one for costs, one for the vote.",),
        ),
        traps=(
            "The fund is decided after the ideas are known. Name amount and purpose first.",
            "It becomes a second way to pay members. Say what it is not for.",
            "Those with most time win. Put the ballot where everybody works.",
        ),
        roles=Roles(
            city="Lends a facilitator or its form, if asked; watches and learns.",
            coop="Sets the fund, runs the round, carries out what won.",
            federation="Keeps a model rule; runs a round over several co-ops.",
            residents="Nothing, unless the co-op invites them to propose.",
        ),
        keeps=Keeps(
            city="It has no part in the money and sees only what is published.",
            coop="Who decides are its members, and what they decide is theirs to publish.",
        ),
        template=(
            Prompt("The fund", "Its name, its amount, what it may and may not be spent on."),
            Prompt("Who decides", "Which members, since when; do candidates vote?"),
            Prompt("The steps and the days", "Ideas until when, costs by whom, vote when, which counting rule?"),
            Prompt("What the other side brings", "What does the city or the federation lend, and what does it get to see?"),
            Prompt("What we will tell", "Which numbers and lessons do you publish together?"),
        ),
    ),
    "a-commons-fund": Told(
        title="A fund that law or bylaws set aside",
        line="A fixed part of a co-op’s result is bound to education and the public good; people near by decide on it.",
        proof="In the Basque Country the law obliges co-ops to set money aside for public purposes.",
        what="In some countries the law takes a part of a co-op’s result for education, new co-ops or the public good; elsewhere bylaws can. That money waits for somebody to decide on it well, and PB is a way.",
        evidence=(
            "Basque law obliges co-ops to a contribution for education, promotion of co-ops and other public purposes; it is bound to these and cannot be shared out.",
            "The Arizmendi co-ops in California support together the founding of new ones.",
            "Italian co-ops pay 3 % of their profit into funds that found other co-ops.",
            "Residents of a neighborhood decide by PB on the bound fund of the co-ops there.",
        ),
        needs=Needs(
            money=("The bound fund itself, and the rules what it may pay for.",),
            law=("The law of the place, or a bylaw that says how much and for what; a lawyer’s opinion that a vote may decide.",),
            people=("Three co-ops that put their funds side by side.", "Somebody who knows the rules of the fund."),
            time=("A year: the fund of one year is decided in the next.",),
        ),
        traps=(
            "The purpose is read too widely, and the tax office disagrees. Ask before the vote, project by project.",
            "Each co-op’s part is too small to matter. Put several together.",
            "It replaces what the city should pay. Say what it comes on top of.",
        ),
        roles=Roles(
            city="Doubles the amount, if it can; checks nothing in the co-ops.",
            coop="Brings its fund, keeps its account, reports to its members.",
            federation="Holds the common rules, knows the law, keeps the list of projects.",
            residents="Propose and vote, where the co-ops have said so.",
        ),
        keeps=Keeps(
            city="Its own money stays under its own rules, in a pot of its own.",
            coop="It decides each year whether its fund takes part; its reserves are not touched.",
        ),
        template=(
            Prompt("The fund and its rules", "Which law or bylaw, how much a year, for what purposes?"),
            Prompt("Who puts money in", "Each institution with its amount; who doubles it?"),
            Prompt("Who decides", "Members, residents, both? With how many votes each?"),
            Prompt("What may be proposed", "Purposes with an example each, and who checks them before the vote."),
            Prompt("Account", "Who holds the money, who reports, and to whom?"),
        ),
    ),
    "residents-vote-on-investments": Told(
        title="A fund whose members vote on loans to co-ops",
        line="Residents join a fund for a few dollars, each with one vote, and decide which firms get its loans.",
        proof="Boston’s Ujima Fund: $1.3 million in seven investments, co-ops among them, decided by members.",
        what="A fund lends to local firms and co-ops, and its members, who live there, vote on each loan. Those who bring the large money have no vote.",
        evidence=(
            "By 2023 Boston’s Ujima Fund had made seven investments of $1.3 million in all, each approved by its members; two of them in co-ops: CERO and the Dorchester Food Co-op.",
            "Members live in the city, or were driven out of it by rents; they pay from $5 a year and have one vote each. Investors from outside have none.",
            "In January 2022 over 150 members, 54 % of those entitled, voted on a loan of $25,000 to the Dorchester Food Co-op, and said yes.",
        ),
        needs=Needs(
            money=("Loan money that may be lost in part, and a reserve against losses.",),
            law=("A form that may take money from many people; the law on securities is strict.",),
            people=("Somebody who can read a business plan and say in plain words what it says.", "A few hundred members."),
            time=("Two years until the first loan.",),
        ),
        traps=(
            "Members vote on figures they were not shown well. Give everybody the same two pages.",
            "Only loans that anybody would give are proposed. Say which risk the reserve is there for.",
            "Voters are friends of the firm. Say who has an interest, before the vote.",
        ),
        roles=Roles(
            city="Can put in money that carries the first loss, or let residents decide on it in PB.",
            coop="Applies, opens its books to the members, pays back.",
            federation="Helps co-ops to be ready for a loan, and later when it is hard.",
            residents="Join, vote, buy there.",
        ),
        keeps=Keeps(
            city="It gives once and does not govern the fund.",
            coop="A loan is not ownership: its members keep every vote.",
        ),
        template=(
            Prompt("The fund", "How large, from whom, on what terms is it lent?"),
            Prompt("Who votes and who does not", "Members, investors, city: who has a vote, and what does joining cost?"),
            Prompt("How a loan is decided", "Who checks it, what do members read, which majority and turnout?"),
            Prompt("Losses", "Who bears them first, and how large is the reserve?"),
            Prompt("What each of us gives", "Money, work, rooms, from when?"),
        ),
    ),
    "practise-at-work-and-school": Told(
        title="Practise in unions, schools and universities",
        line="A first PB among people who know each other, with little money, as a school for the town’s.",
        proof="Of 88 US votes whose ballots are published, two were in universities and two in schools.",
        what="A union, a school or a university lets its members decide on a small part of its own money. Whoever has done it once there, knows how to do it in town.",
        evidence=(
            "A. Kolokotronis, whose essay this site follows, founded a student organisation that brought PB into universities. In 2017 he wrote that what is tried inside unions prepares what is possible in a whole town.",
            "Among 88 PB votes in the United States whose ballots are published, two were in universities and two in schools.",
        ),
        needs=Needs(
            money=("A few hundred to a few thousand dollars that may be spent freely.",),
            law=("The word of whoever answers for that money.",),
            people=("One teacher, steward or student who begins.", "A facilitator for two evenings; a co-op can send one."),
            time=("Four weeks. A first round with one class fits in an hour.",),
        ),
        traps=(
            "The vote is only advice. Say beforehand that it holds, and for how much.",
            "It is done once and forgotten. Put the date of the next round in the first.",
            "What won is not done before the year ends. Choose things that can be.",
        ),
        roles=Roles(
            city="Lends ballots and the site; invites the young to the town’s PB afterwards.",
            coop="Sends members who show how deciding at work goes; facilitates.",
            federation="Keeps a lesson of one hour that everybody can use.",
            residents="Pupils, members, parents: they propose, decide and carry out.",
        ),
        keeps=Keeps(
            city="The town’s process does not depend on it.",
            coop="It teaches and does not recruit.",
        ),
        template=(
            Prompt("Who decides on what", "Which people, how much money, what may be bought?"),
            Prompt("That it holds", "Who has promised to carry out what wins?"),
            Prompt("The four weeks", "Ideas, costs, vote, result: which days?"),
            Prompt("Who helps", "What do co-op, union, school and city each bring?"),
            Prompt("What comes after", "When is the next round, and how do people find the town’s PB?"),
        ),
    ),
    "people-who-are-both": Told(
        title="People who are in both",
        line="Members of co-ops who also vote, propose or serve as delegates in PB: find each other, and meet.",
        proof="11 of 17 US places with published PB votes lie where there are at least five worker co-ops.",
        what="The same person can own a share of a co-op and vote on the town’s budget. Where such people find each other, the two worlds have a bridge that costs nothing.",
        evidence=(
            "The essay behind this site asked cooperators and people in PB the same questions, and added that the reader may be both.",
            "Of 17 places in the United States whose PB ballots are published, 11 lie in regions with at least five known worker co-ops, with 89 % of the ballots. That is a hint and no proof: both may simply like large, liberal cities.",
            "Nobody has counted how many people are in both. Invite them to one table and you will know more than anybody.",
        ),
        needs=Needs(
            money=("A room and coffee.",),
            law=("None. Ask people before you name them: nobody is listed here by name.",),
            people=("One member of a co-op who was a PB delegate, or the other way round.",),
            time=("Three weeks to the first meeting.",),
        ),
        traps=(
            "Somebody decides on both sides of the same money. Say so, and step aside for that vote.",
            "The few who are both are asked for everything. Let the meeting bring them others.",
            "It stays a circle of friends. Send one sentence of result to both institutions.",
        ),
        roles=Roles(
            city="Tells delegates and volunteers of the meeting.",
            coop="Gives members the hours to be PB delegates.",
            federation="Invites; keeps the evening going twice a year.",
            residents="Come, and say which hats they wear.",
        ),
        keeps=Keeps(
            city="It learns no names; this site shows shared people only as a number, and only from three.",
            coop="Its list of members is its own.",
        ),
        template=(
            Prompt("Whom we invite", "Which co-ops, which PB processes, through whom?"),
            Prompt("The first meeting", "Where, when, and which one question?"),
            Prompt("Two hats", "What do you do when somebody has a part in both sides of a decision?"),
            Prompt("What we want to know afterwards", "Which number or story do you bring home?"),
            Prompt("The next date", "Who invites, and when?"),
        ),
    ),
    "work-for-the-process": Told(
        title="Co-ops work for the process, and each teaches the other",
        line="The PB office needs facilitators, interpreters, printers, cooks and software; co-ops offer them.",
        proof="New York, 2022: meetings for ideas announced together with more than 220 community groups.",
        what="A PB process itself buys things: facilitation, translation, printing, food, software. It can buy them from worker co-ops, and both sides can teach each other what they know.",
        evidence=(
            "The PB office publishes what the process itself needs, and co-ops answer; delegates learn how a co-op works, members how PB does.",
            "For its first city-wide PB in 2022 New York’s office announced meetings for ideas together with more than 220 community groups. So the work is there, and it is already shared.",
        ),
        needs=Needs(
            money=("The process’s own budget for running it.",),
            law=("Small purchases that need no call; usually there is a limit for them.",),
            people=("A PB organiser who writes down the needs.", "Co-ops that say what they offer, and when."),
            time=("Two weeks from the need to the first work.",),
        ),
        traps=(
            "A co-op facilitates the process it has a project in. Choose another one, from the next town.",
            "Free help is asked of those who live from it. Pay for work.",
            "The needs are published too late. Post them with the calendar of the process.",
        ),
        roles=Roles(
            city="Posts needs with dates and money; pays within thirty days.",
            coop="Offers, delivers, sends two members to the assembly to learn.",
            federation="Spreads the needs, trains facilitators from several co-ops.",
            residents="Meet co-ops at work; ask them how they decide.",
        ),
        keeps=Keeps(
            city="It runs the process; who serves it has no say in it.",
            coop="It works for pay and stays free to have its own opinion.",
        ),
        template=(
            Prompt("What the process needs", "Which services, on which days, in which languages, for how many people?"),
            Prompt("What the co-op offers", "Which of them, at what price, with whom?"),
            Prompt("What each teaches", "One evening each: about what, for whom?"),
            Prompt("Conflicts of interest", "Which projects on the ballot touch the co-op, and what follows from that?"),
            Prompt("Payment", "How much, when, out of which budget?"),
        ),
    ),
}

OPEN: tuple[Prompt, ...] = (
    Prompt("What we want", "In three sentences: what will be different afterwards, and for whom?"),
    Prompt("Who does what", "One line for each party: what it gives, by when."),
    Prompt("Money", "How much, of which fund type, from whom? Or that it takes none."),
    Prompt("What each keeps", "What stays each party’s own decision?"),
    Prompt("How we will know", "What will you look at together, and when? What if it does not work?"),
)
# fmt: on
