"""Las doce maneras en español."""

from collections.abc import Mapping

from interlock.web.ways.twelve.shape import Keeps, Needs, Prompt, Roles, Told

# fmt: off
TEXTS: Mapping[str, Told] = {
    "deliver-what-was-chosen": Told(
        title="Las cooperativas llevan a cabo lo que el vecindario eligió",
        line="El vecindario elige programas; se convoca a organizaciones, también a cooperativas de trabajo, para llevarlos a cabo.",
        proof="Nueva York, 2023: $5 millones para programas de un año, a cargo de organizaciones de fuera.",
        what="El vecindario vota servicios y programas en lugar de bancos y aceras. Para cada proyecto elegido, la ciudad convoca a organizaciones que lo lleven a cabo, y una cooperativa de trabajo se presenta como cualquier otra.",
        evidence=(
            "En 2023 toda persona de 11 años o más de la ciudad de Nueva York pudo votar sobre $5 millones de dinero corriente, para programas de un año. La ciudad dijo que anunciaría qué organizaciones los llevan a cabo.",
            "En Vallejo, California, casi 4,000 residentes dieron $3.2 millones a 12 proyectos en 2013. Allí podían ganar programas y servicios, no solo cosas que se construyen.",
            "Una cooperativa de trabajo que ganó una convocatoria así después de una votación: si sabes de una, cuéntanoslo.",
        ),
        needs=Needs(
            money=("Un fondo de gasto. El dinero de inversión no puede pagar un trabajo que no deja una cosa.",),
            law=("Reglas para una convocatoria, o un límite por debajo del cual la ciudad puede elegir directamente.",),
            people=("Alguien en la oficina municipal que lleve la convocatoria.", "Una cooperativa con seguro y con tiempo para escribir una oferta."),
            time=("De dos a cuatro meses desde el resultado hasta el primer día de trabajo.",),
        ),
        traps=(
            "La papeleta no nombra a quien podría hacerlo, así que nadie pregunta si alguien puede. Pregunta antes de la votación qué haría falta.",
            "El pago llega meses después del trabajo. Una cooperativa pequeña no puede esperar: acuerden un primer pago.",
            "La convocatoria pide una facturación y unas fianzas que solo tienen las grandes. Ajústalas al encargo.",
        ),
        roles=Roles(
            city="Crea el fondo, publica la convocatoria con sus criterios, paga por etapas.",
            coop="Dice pronto qué puede hacer y a qué costo, presenta su oferta, cumple y enseña lo que hizo.",
            federation="Busca cooperativas para cada proyecto elegido y reúne a varias pequeñas en una oferta.",
            residents="Proponen y eligen; después ven lo que se entregó.",
        ),
        keeps=Keeps(
            city="Sigue decidiendo con sus propias reglas a quién contrata, y responde de ello.",
            coop="Es una oferente como las demás; sus miembros deciden si se presenta.",
        ),
        template=(
            Prompt("Lo que eligió el vecindario", "Nombra la votación, el proyecto, su costo y el fondo que lo paga."),
            Prompt("Quién lo lleva a cabo", "¿Qué cooperativa hace cada parte? ¿Qué decidieron sus miembros?"),
            Prompt("Etapas y pagos", "¿Qué está hecho para cuándo, y qué se paga entonces? Empiecen con un pago antes de los primeros sueldos."),
            Prompt("Cómo lo ve el vecindario", "¿Dónde y cada cuánto enseñan lo hecho?"),
            Prompt("Si no funciona", "¿Quién lo dice primero, y qué pasa con el resto del dinero?"),
        ),
    ),
    "fair-bids": Told(
        title="Compras en las que cuenta de quién es la empresa",
        line="Las reglas de compra de la ciudad dan un peso publicado a la propiedad de quienes trabajan, y la ciudad cuenta lo que compra.",
        proof="La Local Law 22 de 2015 de Nueva York: la ciudad informa de lo que compra a cooperativas de trabajo.",
        what="La ciudad escribe en sus reglas de compra que la propiedad de quienes trabajan cuenta: un descuento al comparar ofertas, o puntos. Dice de antemano cuánto, e informa después de lo que compró a cooperativas.",
        evidence=(
            "Un grupo de políticas públicas de Estados Unidos describe las herramientas: un porcentaje que se resta a la oferta de una cooperativa al comparar, puntos en la valoración, una certificación que vale cinco años, un premio a las grandes contratistas que dan partes a cooperativas.",
            "Desde 2015 la ciudad de Nueva York tiene que informar de los contratos que da a cooperativas de trabajo. Quienes pidieron la ley decían que lo que se mide se nota.",
            "Las cooperativas de Nueva York piden más: contratos pequeños para los que se pida oferta a cooperativas, y una certificación que dé su propia federación.",
        ),
        needs=Needs(
            money=("Nada nuevo: la ciudad compra de todos modos.",),
            law=("Una decisión del concejo o un cambio de las reglas de compra; que una abogada o un abogado diga qué permite la ley superior.",),
            people=("Una persona de compras que lo quiera.", "Alguien que pueda certificar qué es una cooperativa de trabajo."),
            time=("De medio año a un año para las reglas; después cada compra tarda lo mismo que antes.",),
        ),
        traps=(
            "Una empresa se llama cooperativa sin serlo. Que certifique la federación, con fecha de caducidad.",
            "El descuento existe y ninguna cooperativa se presenta, porque nadie les avisó. Envía cada convocatoria al registro.",
            "El peso se fija después de abrir las ofertas. Publícalo antes, o la adjudicación no se sostendrá.",
        ),
        roles=Roles(
            city="Escribe y publica los pesos, envía también a cooperativas los contratos pequeños, informa una vez al año.",
            coop="Se inscribe, mantiene su certificación al día, presenta ofertas.",
            federation="Certifica, enseña a presentar ofertas, dice a la ciudad a qué convocatorias nadie pudo responder.",
            residents="Leen el informe anual.",
        ),
        keeps=Keeps(
            city="Sigue ganando la mejor oferta; lo que cuenta como mejor está escrito para quien quiera leerlo.",
            coop="Es de sus miembros, y eso es todo lo que pide la certificación; la ciudad no mira dentro.",
        ),
        template=(
            Prompt("Qué cuenta y cuánto", "¿Qué compras? ¿Un descuento de qué por ciento, o cuántos puntos de cien?"),
            Prompt("Base legal", "¿Qué ley o decisión lo permite, y quién lo comprobó?"),
            Prompt("Quién certifica", "¿Con qué criterios, por cuánto tiempo, y quién oye las quejas?"),
            Prompt("Cómo se enteran las cooperativas", "¿Adónde se envía cada convocatoria, y cuántos días antes del cierre?"),
            Prompt("De qué se informa", "¿Qué números, cuándo, y dónde se publican?"),
        ),
    ),
    "city-co-op-programme": Told(
        title="Un programa municipal para cooperativas",
        line="El concejo paga asesoría, formación y ayuda para empezar a cooperativas, año tras año.",
        proof="Nueva York, desde 2014: $1.2 millones el primer año, cuando la ciudad tenía unas 23 cooperativas de trabajo.",
        what="La ciudad paga de su presupuesto a organizaciones que fundan y asesoran cooperativas. El vecindario puede decidir sobre ello en un fondo propio, en lugar del concejo solo.",
        evidence=(
            "Para el año presupuestario 2015 el concejo de Nueva York dio $1.2 millones a organizaciones que apoyan a cooperativas de trabajo. La ciudad tenía entonces unas 23.",
            "En el año de la pandemia el programa perdió el 15 % de su dinero, $541,350, repartidos entre 13 organizaciones. Un año después lo había recuperado.",
            "Rochester, Nueva York, planeó en 2016 una red de cooperativas y estimó $1.3 millones para tres años.",
            "La misma Rochester dejó decidir al vecindario sobre $200,000 en 2019; hay 1,460 papeletas publicadas.",
            "Que el vecindario decida por PP lo que paga el programa de cooperativas de una ciudad.",
        ),
        needs=Needs(
            money=("Dinero de gasto, prometido para más de un año.",),
            law=("Una partida en el presupuesto; reglas para subvencionar a organizaciones.",),
            people=("Al menos una organización que ya haya fundado cooperativas.", "Concejales que lo defiendan cada año."),
            time=("Una temporada de presupuesto para ganarlo, dos años hasta que las nuevas cooperativas se sostienen.",),
        ),
        traps=(
            "La partida hay que ganarla de nuevo cada año, y es la primera que cae cuando falta dinero. Enseña números que se entiendan.",
            "El programa paga a asesores y a ninguna cooperativa. Publica las dos cosas: lo que pagó, y a qué cooperativas llevó.",
            "Cuenta las cooperativas fundadas y no las que viven. Cuéntalas otra vez a los tres años.",
        ),
        roles=Roles(
            city="Pone la partida en el presupuesto, elige a las organizaciones a la vista de todos, publica los resultados.",
            coop="Cuenta qué ayuda usó, enseña a las siguientes.",
            federation="Habla por todas ante el concejo; coordina, para que las organizaciones no compitan por la misma gente.",
            residents="Proponen el fondo, lo votan, fundan cooperativas.",
        ),
        keeps=Keeps(
            city="Decide sobre su presupuesto y puede terminar el programa.",
            coop="La ciudad paga ayuda, no participaciones: no es dueña de nada ni vota en una cooperativa.",
        ),
        template=(
            Prompt("Qué paga el programa", "¿Asesoría, formación, dinero para empezar, traducción? ¿Para quién primero?"),
            Prompt("Dinero y años", "¿Cuánto al año, de qué fondo, durante cuántos años?"),
            Prompt("Quién hace el trabajo", "¿Qué organizaciones, elegidas cómo, y cuándo rinden cuentas?"),
            Prompt("Qué decide el vecindario", "¿El tamaño, las prioridades o todo? ¿En qué votación?"),
            Prompt("Cómo lo sabremos", "¿Qué tres números publican cada año?"),
        ),
    ),
    "anchor-buyers": Told(
        title="Grandes compradores que no se van",
        line="Hospitales, universidades y la ciudad compran cerca y a cooperativas, y se fundan cooperativas para lo que falta.",
        proof="Preston, Inglaterra: £112.3 millones de esas compras se quedaron en la ciudad, £74 millones más que antes.",
        what="Las instituciones que no pueden mudarse miran lo que compran y cuánto podría venir de cerca. Donde nadie lo vende cerca, ayudan a fundar una cooperativa de trabajo que lo haga.",
        evidence=(
            "En Preston, el gasto de esas instituciones que se quedó en la ciudad subió a £112.3 millones, £74 millones más que en 2012/13. El concejo y la universidad crearon dos redes que ayudan a fundar cooperativas de trabajo.",
            "Barcelona dio €24.6 millones a un programa de economía social y solidaria de 2015 a 2019, hecho junto con la gente a la que se dirigía.",
            "En Cleveland, Ohio, hospitales y una universidad fueron los primeros clientes de tres cooperativas nuevas; juntas llegaron a emplear a más de 200 personas, dos tercios de ellas dueñas.",
            "Cooperation Jackson, en Misisipi, construye la rueda entera: una federación, un lugar donde se fundan cooperativas, una escuela y un banco propios.",
        ),
        needs=Needs(
            money=("Nada nuevo para comprar; dinero para empezar lo que falta.",),
            law=("Reglas de compra que miren más que el precio.",),
            people=("Quienes compran en tres o cuatro instituciones, en una mesa.", "Una promotora de cooperativas."),
            time=("Un año para revisar las facturas; de dos a cinco hasta que una cooperativa nueva vive de varios clientes.",),
        ),
        traps=(
            "Una cooperativa con un solo cliente cae con ese cliente. Pide tres desde el primer día.",
            "Cerca no es lo mismo que democrático. Di qué parte va a empresas que son de quienes trabajan en ellas.",
            "Se planea para la gente y no con ella. Quienes trabajarán allí deciden qué se funda.",
        ),
        roles=Roles(
            city="Llama a las demás a la mesa y abre primero sus propias facturas.",
            coop="Dice qué puede suministrar y desde cuándo; no promete más.",
            federation="Funda lo que falta; agrupa a proveedoras pequeñas.",
            residents="Trabajan allí, son dueños, y eligen por PP lo que le falta al barrio.",
        ),
        keeps=Keeps(
            city="Cada institución compra por su cuenta; no hay una caja común.",
            coop="Vende a muchas, no solo a las que ayudaron al principio.",
        ),
        template=(
            Prompt("Lo que se compra ahora", "¿De qué bienes y servicios abren las facturas, y de qué año?"),
            Prompt("Lo que podría venir de cerca", "¿Qué cooperativas lo suministran hoy, y cuánto más podrían tomar?"),
            Prompt("Lo que falta", "¿Qué cooperativa habría que fundar, quién, y con qué dinero para empezar?"),
            Prompt("Lo que promete cada una", "Una parte, una cantidad, una fecha, por cada institución."),
            Prompt("Cómo se cuenta", "¿Quién lo suma cada año, y dónde se puede leer?"),
        ),
    ),
    "co-ops-on-the-ballot": Told(
        title="Un proyecto para cooperativas en la papeleta",
        line="El vecindario y una cooperativa proponen apoyar a cooperativas como proyecto, y está en la papeleta como cualquier otro.",
        proof="Nueva York, 2017: 2,566 votos para un proyecto de cooperativas, el segundo de ocho en su papeleta.",
        what="Un proyecto que ayuda a cooperativas se pone en la papeleta del PP: un taller compartido, un curso para fundadoras, herramientas. Si se financia lo decide el vecindario, como con un parque.",
        evidence=(
            "En 2017 estuvo en la papeleta de dinero corriente del Distrito 39 de Nueva York un proyecto de apoyo a cooperativas de personas migrantes. Tuvo 2,566 votos y fue el segundo de ocho. Es el único que nombra una cooperativa entre 1,491 de los años 2012 a 2017, casi todos para cosas que se construyen; el archivo no dice cuáles se financiaron.",
            "Una razón son las reglas: en el Distrito 5 de Nueva York, por ejemplo, un proyecto de 2022 tenía que ser algo que se construye, costar al menos $50,000 y durar cinco años.",
        ),
        needs=Needs(
            money=("Un fondo de gasto, o un proyecto que sea una cosa: un taller, una cocina, máquinas que son de la ciudad.",),
            law=("Reglas que dejen ir dinero a una organización, o algo que la ciudad compra y presta.",),
            people=("Cinco residentes que lo propongan y que no sean todos miembros de la cooperativa.", "Una cooperativa que dé los costos."),
            time=("Una temporada de PP, de las ideas a la votación.",),
        ),
        traps=(
            "Se rechaza porque el fondo es de inversión. Pregunta primero qué fondo serviría, y si lo hay.",
            "Parece una empresa que pide un regalo. Di qué recibe todo el mundo, no solo los miembros.",
            "La gente de la cooperativa llena la asamblea. Que hable por él el vecindario; digan abiertamente quién es miembro.",
        ),
        roles=Roles(
            city="Dice por escrito qué fondos lo pagan y, si ninguno, por qué no.",
            coop="Da los costos, enseña sus cuentas del proyecto, hace campaña limpia.",
            federation="Trae el ejemplo de otras ciudades; ayuda cuando el proyecto es para varias cooperativas.",
            residents="Proponen, mejoran, votan.",
        ),
        keeps=Keeps(
            city="Revisa el proyecto como cualquier otro, y cuenta los votos.",
            coop="Pide un proyecto, no su sustento; también vive sin él.",
        ),
        template=(
            Prompt("El proyecto en tres frases", "¿Qué habrá después que hoy no hay?"),
            Prompt("Quién recibe algo", "Los miembros, ¿y quién más? ¿Cuánta gente en un año?"),
            Prompt("Costo y fondo", "¿Cuánto cuesta, una vez y cada año? ¿Qué tipo de fondo sirve, y por qué?"),
            Prompt("Quién lo propone", "¿Qué residentes, qué cooperativa, y qué relación tienen?"),
            Prompt("Después", "¿De quién es lo que se compró, y quién lo mantiene?"),
        ),
    ),
    "campaign-for-pb": Told(
        title="Las cooperativas hacen campaña por el presupuesto participativo",
        line="Una promotora de cooperativas y el vecindario piden a la ciudad que deje decidir sobre una parte del presupuesto.",
        proof="Cleveland, 2021: una promotora de cooperativas entre quienes pidieron $30.8 millones en manos del vecindario.",
        what="La gente que sabe decidir junta en el trabajo pide lo mismo en la ciudad. El lado cooperativo presta su gente, sus salas y su paciencia a una campaña por el PP.",
        evidence=(
            "Cleveland Owns, que funda cooperativas, estuvo entre quienes pidieron en 2021 que el vecindario decidiera sobre $30.8 millones de fondos federales de recuperación en dos años. Llama al PP el primo de las cooperativas en el sector público.",
            "El concejo apartó un plan más pequeño sin votarlo. En 2023 se votó en la ciudad sobre el 2 % de su presupuesto, unos $14 millones al año, y la medida no pasó. El grupo empezó entonces de nuevo en un barrio, con dinero privado.",
        ),
        needs=Needs(
            money=("Nada de la ciudad; horas pagadas para una persona que organice.",),
            law=("Saber quién puede decidirlo: alcaldía, concejo, o una votación sobre la carta municipal.",),
            people=("Diez organizaciones que den la cara juntas, no solo cooperativas.", "Dos concejales que lo quieran."),
            time=("Uno o dos años. La mayoría de las campañas pierden una vez antes de ganar.",),
        ),
        traps=(
            "El concejo lo ve como pérdida de poder. Pide primero una cantidad pequeña, y ofrece llevarlo juntos.",
            "Se ve como interés propio de las cooperativas. Digan antes que no se presentan en la primera ronda, o que todas pueden.",
            "Se apoya en un solo pago que viene de arriba. Pide una parte anual del presupuesto.",
        ),
        roles=Roles(
            city="Escucha; dice qué cantidad y qué fondo son posibles; lo prueba una vez.",
            coop="Presta gente y salas, enseña reuniones que deciden.",
            federation="Reúne a las organizaciones, habla con el concejo.",
            residents="Juntan las primeras ideas y firmas; dirigen la campaña.",
        ),
        keeps=Keeps(
            city="El concejo conserva el presupuesto: decide cuánto decide el vecindario.",
            coop="Es una entre muchas; la campaña no es una rama suya.",
        ),
        template=(
            Prompt("Lo que pedimos", "¿Qué cantidad, de qué presupuesto, desde qué año?"),
            Prompt("Quién lo apoya", "¿Qué organizaciones, y cuánta gente?"),
            Prompt("Lo que traemos", "Salas, personas que facilitan, idiomas: ¿qué dan a la primera ronda?"),
            Prompt("Una primera ronda", "¿Dónde, con cuánto y cuándo? ¿Qué contaría como éxito?"),
            Prompt("Intereses, a la vista", "¿Quién de ustedes podría ganar algo, y qué hacen con eso?"),
        ),
    ),
    "pb-inside-a-co-op": Told(
        title="PP con el dinero propio de una cooperativa",
        line="Los miembros deciden sobre una parte con nombre del excedente como el vecindario sobre un fondo: ideas, costos, papeleta, recuento.",
        proof="Som Energia, 2019: un tercio de un fondo anual, unos €25,000, para proyectos de sus grupos locales.",
        what="Una cooperativa aparta un fondo con nombre y deja que sus miembros decidan sobre él con los mismos pasos que una ciudad. Aprende PP en casa, con su propio dinero, y una ciudad puede mirar cómo se hace.",
        evidence=(
            "Hypha, una cooperativa de trabajo de Canadá, escribe en sus estatutos que el 80 % del excedente va a reservas, y que la asamblea anual reparte dinero entre cuentas de reserva según las propuestas que se le presentan.",
            "En 2019 los miembros de Som Energia, en España, votaron que un tercio de un fondo anual de educación y promoción, unos €25,000, fuera a proyectos de grupos locales.",
            "Una ronda entera de PP dentro de una cooperativa de trabajo, de las ideas al recuento por partes iguales, sobre una parte de su excedente.",
        ),
        needs=Needs(
            money=("Un fondo con nombre y cantidad; mejor pequeño y cada año que grande y una vez.",),
            law=("Una decisión de los miembros, o estatutos que lo permitan; la palabra de una contable sobre impuestos.",),
            people=("Dos miembros que la lleven.", "Miembros que traigan ideas; con cinco basta."),
            time=("Tres semanas: una para ideas, una para costos, una para votar.",),
        ),
        traps=(
            "El fondo se decide cuando ya se conocen las ideas. Nombren primero cantidad y fin.",
            "Se vuelve otra manera de pagar a los miembros. Digan para qué no es.",
            "Gana quien tiene más tiempo. Pon la papeleta donde todo el mundo trabaja.",
        ),
        roles=Roles(
            city="Presta una persona que facilita o su formulario, si se lo piden; mira y aprende.",
            coop="Fija el fondo, lleva la ronda, hace lo que ganó.",
            federation="Guarda una regla modelo; lleva una ronda entre varias cooperativas.",
            residents="Nada, a menos que la cooperativa les invite a proponer.",
        ),
        keeps=Keeps(
            city="No tiene parte en el dinero y ve solo lo que se publica.",
            coop="Quienes deciden son sus miembros, y publicar lo que deciden es cosa suya.",
        ),
        template=(
            Prompt("El fondo", "Su nombre, su cantidad, en qué se puede gastar y en qué no."),
            Prompt("Quién decide", "¿Qué miembros, desde cuándo; votan quienes están a prueba?"),
            Prompt("Los pasos y los días", "¿Ideas hasta cuándo, costos de quién, votación cuándo, qué regla de recuento?"),
            Prompt("Lo que trae la otra parte", "¿Qué prestan la ciudad o la federación, y qué llegan a ver?"),
            Prompt("Lo que contaremos", "¿Qué números y lecciones publican juntas?"),
        ),
    ),
    "a-commons-fund": Told(
        title="Un fondo que apartan la ley o los estatutos",
        line="Una parte fija del resultado de una cooperativa está atada a la educación y al bien público; la gente cercana decide sobre ella.",
        proof="En el País Vasco la ley obliga a las cooperativas a apartar dinero para fines públicos.",
        what="En algunos países la ley toma una parte del resultado de una cooperativa para educación, nuevas cooperativas o el bien público; en otros lo pueden hacer los estatutos. Ese dinero espera a que alguien decida bien sobre él, y el PP es una manera.",
        evidence=(
            "La ley vasca obliga a las cooperativas a una contribución para la educación, la promoción cooperativa y otros fines de interés público; está atada a ellos y no se puede repartir.",
            "Las cooperativas Arizmendi, en California, apoyan juntas la fundación de otras nuevas.",
            "Las cooperativas italianas pagan el 3 % de su beneficio a fondos que fundan otras cooperativas.",
            "Que el vecindario de un barrio decida por PP sobre el fondo atado de sus cooperativas.",
        ),
        needs=Needs(
            money=("El propio fondo atado, y las reglas de lo que puede pagar.",),
            law=("La ley del lugar, o un artículo de los estatutos que diga cuánto y para qué; la opinión de una abogada de que una votación puede decidir.",),
            people=("Tres cooperativas que pongan sus fondos uno al lado del otro.", "Alguien que conozca las reglas del fondo."),
            time=("Un año: el fondo de un año se decide en el siguiente.",),
        ),
        traps=(
            "El fin se lee demasiado ancho, y Hacienda no está de acuerdo. Pregunta antes de la votación, proyecto por proyecto.",
            "La parte de cada cooperativa es demasiado pequeña. Junten varias.",
            "Sustituye a lo que debería pagar la ciudad. Digan a qué se añade.",
        ),
        roles=Roles(
            city="Dobla la cantidad, si puede; no revisa nada en las cooperativas.",
            coop="Trae su fondo, lleva su cuenta, informa a sus miembros.",
            federation="Guarda las reglas comunes, conoce la ley, lleva la lista de proyectos.",
            residents="Proponen y votan, donde las cooperativas lo han dicho.",
        ),
        keeps=Keeps(
            city="Su dinero sigue bajo sus reglas, en un fondo aparte.",
            coop="Decide cada año si su fondo participa; sus reservas no se tocan.",
        ),
        template=(
            Prompt("El fondo y sus reglas", "¿Qué ley o qué artículo, cuánto al año, para qué fines?"),
            Prompt("Quién pone dinero", "Cada institución con su cantidad; ¿quién la dobla?"),
            Prompt("Quién decide", "¿Miembros, residentes, ambos? ¿Con cuántos votos cada cual?"),
            Prompt("Qué se puede proponer", "Los fines con un ejemplo cada uno, y quién los revisa antes de la votación."),
            Prompt("La cuenta", "¿Quién guarda el dinero, quién informa, y a quién?"),
        ),
    ),
    "residents-vote-on-investments": Told(
        title="Un fondo cuyos miembros votan préstamos a cooperativas",
        line="El vecindario entra en un fondo por unos dólares, cada cual con un voto, y decide qué empresas reciben sus préstamos.",
        proof="El Ujima Fund de Boston: $1.3 millones en siete inversiones, también en cooperativas, decididas por sus miembros.",
        what="Un fondo presta a empresas y cooperativas del lugar, y sus miembros, que viven allí, votan cada préstamo. Quienes traen el dinero grande no tienen voto.",
        evidence=(
            "Hasta 2023 el Ujima Fund de Boston había hecho siete inversiones por $1.3 millones en total, cada una aprobada por sus miembros; dos de ellas en cooperativas: CERO y la cooperativa de alimentos de Dorchester.",
            "Los miembros viven en la ciudad, o los alquileres los echaron de ella; pagan desde $5 al año y tienen un voto cada uno. Quienes invierten desde fuera no tienen ninguno.",
            "En enero de 2022 más de 150 miembros, el 54 % de quienes podían, votaron sobre un préstamo de $25,000 a la cooperativa de alimentos de Dorchester, y dijeron que sí.",
        ),
        needs=Needs(
            money=("Dinero para prestar que se puede perder en parte, y una reserva para pérdidas.",),
            law=("Una forma que pueda tomar dinero de mucha gente; la ley de valores es estricta.",),
            people=("Alguien que sepa leer un plan de negocio y decir en palabras llanas lo que dice.", "Unos cientos de miembros."),
            time=("Dos años hasta el primer préstamo.",),
        ),
        traps=(
            "Se vota sobre cifras mal explicadas. Den a todo el mundo las mismas dos páginas.",
            "Solo se proponen préstamos que daría cualquiera. Digan para qué riesgo está la reserva.",
            "Quien vota es amigo de la empresa. Digan antes de la votación quién tiene un interés.",
        ),
        roles=Roles(
            city="Puede poner dinero que cargue con la primera pérdida, o dejar que el vecindario lo decida por PP.",
            coop="Lo solicita, abre sus cuentas a los miembros, devuelve.",
            federation="Ayuda a las cooperativas a prepararse para un préstamo, y después cuando cuesta.",
            residents="Entran, votan, compran allí.",
        ),
        keeps=Keeps(
            city="Da una vez y no gobierna el fondo.",
            coop="Un préstamo no es propiedad: sus miembros conservan todos los votos.",
        ),
        template=(
            Prompt("El fondo", "¿De qué tamaño, de quién, en qué condiciones se presta?"),
            Prompt("Quién vota y quién no", "Miembros, inversores, ciudad: ¿quién tiene voto, y cuánto cuesta entrar?"),
            Prompt("Cómo se decide un préstamo", "¿Quién lo revisa, qué leen los miembros, qué mayoría y qué participación?"),
            Prompt("Pérdidas", "¿Quién carga con ellas primero, y de cuánto es la reserva?"),
            Prompt("Lo que da cada parte", "Dinero, trabajo, salas, ¿desde cuándo?"),
        ),
    ),
    "practise-at-work-and-school": Told(
        title="Practicar en sindicatos, escuelas y universidades",
        line="Un primer PP entre gente que se conoce, con poco dinero, como escuela para el de la ciudad.",
        proof="De 88 votaciones de Estados Unidos con papeletas publicadas, dos fueron en universidades y dos en escuelas.",
        what="Un sindicato, una escuela o una universidad deja que su gente decida sobre una parte pequeña de su propio dinero. Quien lo ha hecho allí una vez sabe hacerlo en la ciudad.",
        evidence=(
            "A. Kolokotronis, cuyo ensayo sigue este sitio, fundó una organización estudiantil que llevó el PP a universidades. En 2017 escribió que lo que se prueba dentro de los sindicatos prepara lo posible en una ciudad entera.",
            "Entre 88 votaciones de PP de Estados Unidos cuyas papeletas están publicadas, dos fueron en universidades y dos en escuelas.",
        ),
        needs=Needs(
            money=("De unos cientos a unos miles de dólares que se puedan gastar libremente.",),
            law=("La palabra de quien responde de ese dinero.",),
            people=("Una persona que enseña, representa o estudia, y empieza.", "Alguien que facilite dos tardes; lo puede enviar una cooperativa."),
            time=("Cuatro semanas. Una primera ronda con una clase cabe en una hora.",),
        ),
        traps=(
            "La votación solo aconseja. Di antes que obliga, y hasta cuánto.",
            "Se hace una vez y se olvida. Pon en la primera ronda la fecha de la siguiente.",
            "Lo que ganó no se hace antes de fin de curso. Elijan cosas que se puedan hacer.",
        ),
        roles=Roles(
            city="Presta papeletas y el sitio; invita después a la gente joven al PP de la ciudad.",
            coop="Envía miembros que enseñan cómo se decide en el trabajo; facilita.",
            federation="Guarda una lección de una hora que puede usar cualquiera.",
            residents="Alumnado, afiliadas, familias: proponen, deciden y lo hacen.",
        ),
        keeps=Keeps(
            city="El proceso de la ciudad no depende de ello.",
            coop="Enseña y no recluta.",
        ),
        template=(
            Prompt("Quién decide sobre qué", "¿Qué gente, cuánto dinero, qué se puede comprar?"),
            Prompt("Que obliga", "¿Quién ha prometido hacer lo que gane?"),
            Prompt("Las cuatro semanas", "Ideas, costos, votación, resultado: ¿qué días?"),
            Prompt("Quién ayuda", "¿Qué traen la cooperativa, el sindicato, la escuela y la ciudad?"),
            Prompt("Lo que viene después", "¿Cuándo es la próxima ronda, y cómo encuentra la gente el PP de la ciudad?"),
        ),
    ),
    "people-who-are-both": Told(
        title="Gente que está en los dos lados",
        line="Miembros de cooperativas que también votan, proponen o son delegados en el PP: encontrarse y reunirse.",
        proof="11 de 17 lugares de Estados Unidos con votaciones publicadas están donde hay al menos cinco cooperativas de trabajo.",
        what="La misma persona puede tener una parte de una cooperativa y votar el presupuesto de la ciudad. Donde esa gente se encuentra, los dos mundos tienen un puente que no cuesta nada.",
        evidence=(
            "El ensayo que está detrás de este sitio hizo las mismas preguntas a cooperativistas y a gente del PP, y añadió que quien lee puede ser ambas cosas.",
            "De 17 lugares de Estados Unidos cuyas papeletas de PP están publicadas, 11 están en regiones con al menos cinco cooperativas de trabajo conocidas, con el 89 % de las papeletas. Es un indicio y no una prueba: puede que ambas prefieran sin más las ciudades grandes y liberales.",
            "Nadie ha contado cuánta gente está en los dos lados. Invítala a una mesa y sabrás más que nadie.",
        ),
        needs=Needs(
            money=("Una sala y café.",),
            law=("Ninguna. Pregunta a la gente antes de nombrarla: aquí no hay listas con nombres.",),
            people=("Un miembro de una cooperativa que fue delegado del PP, o al revés.",),
            time=("Tres semanas hasta la primera reunión.",),
        ),
        traps=(
            "Alguien decide en los dos lados del mismo dinero. Que lo diga, y se aparte de esa votación.",
            "A los pocos que están en ambos se les pide todo. Que la reunión les traiga a más gente.",
            "Se queda en un círculo de amistades. Envíen una frase de resultado a las dos instituciones.",
        ),
        roles=Roles(
            city="Avisa de la reunión a delegados y voluntarias.",
            coop="Da horas a sus miembros para ser delegados del PP.",
            federation="Invita; mantiene viva la tarde dos veces al año.",
            residents="Vienen, y dicen qué sombreros llevan.",
        ),
        keeps=Keeps(
            city="No se entera de nombres; este sitio enseña a la gente en común solo como número, y solo desde tres.",
            coop="Su lista de miembros es suya.",
        ),
        template=(
            Prompt("A quién invitamos", "¿Qué cooperativas, qué procesos de PP, a través de quién?"),
            Prompt("La primera reunión", "¿Dónde, cuándo, y qué única pregunta?"),
            Prompt("Dos sombreros", "¿Qué hacen cuando alguien tiene parte en los dos lados de una decisión?"),
            Prompt("Lo que queremos saber después", "¿Qué número o qué historia se llevan a casa?"),
            Prompt("La próxima fecha", "¿Quién invita, y cuándo?"),
        ),
    ),
    "work-for-the-process": Told(
        title="Las cooperativas trabajan para el proceso, y se enseñan lo que saben",
        line="La oficina de PP necesita facilitación, traducción, imprenta, cocina y software; las cooperativas lo ofrecen.",
        proof="Nueva York, 2022: reuniones de ideas anunciadas junto con más de 220 grupos comunitarios.",
        what="Un proceso de PP también compra cosas: facilitación, traducción, imprenta, comida, software. Puede comprarlas a cooperativas de trabajo, y las dos partes pueden enseñarse lo que saben.",
        evidence=(
            "Que la oficina de PP publique lo que necesita el propio proceso, y las cooperativas respondan; los delegados aprenden cómo funciona una cooperativa, y sus miembros cómo funciona el PP.",
            "Para su primer PP de toda la ciudad, en 2022, la oficina de Nueva York anunció reuniones de ideas junto con más de 220 grupos comunitarios. El trabajo, pues, existe, y ya se reparte.",
        ),
        needs=Needs(
            money=("El presupuesto del propio proceso para funcionar.",),
            law=("Compras pequeñas que no necesitan convocatoria; suele haber un límite para ellas.",),
            people=("Una organizadora de PP que apunte las necesidades.", "Cooperativas que digan qué ofrecen, y cuándo."),
            time=("Dos semanas desde la necesidad hasta el primer trabajo.",),
        ),
        traps=(
            "Una cooperativa facilita el proceso en el que tiene un proyecto. Elige otra, de la ciudad vecina.",
            "Se pide ayuda gratis a quien vive de ello. Paga el trabajo.",
            "Las necesidades se publican demasiado tarde. Publícalas con el calendario del proceso.",
        ),
        roles=Roles(
            city="Publica necesidades con fechas y dinero; paga en treinta días.",
            coop="Ofrece, cumple, envía dos miembros a la asamblea para aprender.",
            federation="Difunde las necesidades, forma a facilitadoras de varias cooperativas.",
            residents="Conocen a las cooperativas trabajando; les preguntan cómo deciden.",
        ),
        keeps=Keeps(
            city="Lleva el proceso; quien le presta servicios no decide en él.",
            coop="Trabaja por un pago y sigue libre de tener su opinión.",
        ),
        template=(
            Prompt("Lo que necesita el proceso", "¿Qué servicios, qué días, en qué idiomas, para cuánta gente?"),
            Prompt("Lo que ofrece la cooperativa", "¿Cuáles de ellos, a qué precio, con quién?"),
            Prompt("Lo que enseña cada parte", "Una tarde cada una: ¿sobre qué, para quién?"),
            Prompt("Conflictos de interés", "¿Qué proyectos de la papeleta tocan a la cooperativa, y qué se sigue de eso?"),
            Prompt("Pago", "¿Cuánto, cuándo, de qué presupuesto?"),
        ),
    ),
}

OPEN: tuple[Prompt, ...] = (
    Prompt("Lo que queremos", "En tres frases: ¿qué será distinto después, y para quién?"),
    Prompt("Quién hace qué", "Una línea por cada parte: qué da, y para cuándo."),
    Prompt("Dinero", "¿Cuánto, de qué tipo de fondo, de quién? O que no hace falta."),
    Prompt("Lo que conserva cada parte", "¿Qué sigue siendo decisión propia de cada una?"),
    Prompt("Cómo lo sabremos", "¿Qué mirarán juntas, y cuándo? ¿Y si no funciona?"),
)
# fmt: on
