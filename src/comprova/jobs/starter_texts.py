"""What the files of a new project say to their reader, in both languages; `{…}` is filled in."""

from comprova.catalog.text import Text

TITLE = Text(en="Monthly evidence report", pt_BR="Relatório mensal de evidências")
NOT_NAMED = Text(en="Organisation not named", pt_BR="Organização não informada")
SOURCE_NAME = Text(en="The organisation's CloudTrail logs", pt_BR="Os logs do CloudTrail da organização")

HEAD = Text(
    en="The monthly job of this project. In the folder of the project:\n\n"
    "    comprova plan {id} --period {period}     what would be asked, and which parameters are missing\n"
    "    comprova run  {id} --period {period}     a month; without --period the month before this one\n\n"
    "Periods are months (2026-10), quarters (2026-Q3) or days (2026-10-01..2026-10-15).\n\n"
    "Lines like this one explain. A line that begins with # and no space after it is a setting: take the # away to "
    "put it in force, in all lines of a list, and leave out what does not belong there. What was found in logs is a "
    "suggestion: what happened is not by that what should happen.",
    pt_BR="A tarefa mensal deste projeto. Na pasta do projeto:\n\n"
    "    comprova plan {id} --period {period}     o que seria perguntado, e que parâmetros faltam\n"
    "    comprova run  {id} --period {period}     um mês; sem --period, o mês anterior a este\n\n"
    "Períodos são meses (2026-10), trimestres (2026-Q3) ou dias (2026-10-01..2026-10-15).\n\n"
    "Linhas como esta explicam. Uma linha que começa com # sem espaço depois é uma configuração: tire o # para que "
    "passe a valer, em todas as linhas de uma lista, e deixe de fora o que não pertence a ela. O que foi encontrado "
    "nos logs é uma sugestão: o que aconteceu não é, por isso, o que deveria acontecer.",
)
FOUND_IN = Text(
    en="Suggestions come from {files} log files, with events from {first} to {last}.",
    pt_BR="As sugestões vêm de {files} arquivos de log, com eventos de {first} a {last}.",
)
ORGANISATION = Text(en="Whose logs these are, as covers name it.", pt_BR="De quem são os logs, como aparece nas capas.")
FRAMEWORKS = Text(
    en="Laws and standards to report on: an id is the edition in force at the end of the period, id@edition that one.",
    pt_BR="Leis e normas de que tratar: um id vale pela edição vigente no fim do período, id@edição por uma delas.",
)
EDITION = Text(en="{key}: {title}", pt_BR="{key}: {title}")
TIME_ZONE = Text(
    en="In which months begin and end, and working hours are meant.",
    pt_BR="Em que os meses começam e terminam, e que vale para o horário de trabalho.",
)
ACCEPTANCES = Text(
    en="Findings that are tolerated: a file beside this one, which `comprova accept` writes into.",
    pt_BR="Achados tolerados: um arquivo ao lado deste, em que `comprova accept` escreve.",
)
SOURCE = Text(
    en="A folder of CloudTrail files. A job on Amazon Athena has another [source]: see docs/athena.md of comprova.",
    pt_BR="Uma pasta de arquivos do CloudTrail. Uma tarefa no Amazon Athena tem outra [source]: veja docs/athena.md "
    "do comprova.",
)
SCOPE = Text(
    en="Accounts and regions that must be there. Without them the job takes what the logs hold, and cannot notice "
    "an account without logs.",
    pt_BR="Contas e regiões que devem estar presentes. Sem elas a tarefa toma o que há nos logs, e não tem como "
    "notar uma conta sem logs.",
)
CALENDAR = Text(
    en="Whose public holidays are no working days: a country, and a part of it.",
    pt_BR="De onde são os feriados: um país, e uma parte dele.",
)
LIMITS = Text(
    en="The run exits with code 11 when more than this is missing.",
    pt_BR="A execução termina com o código 11 quando falta mais do que isto.",
)
PARAMETERS = Text(
    en="Values for queries, all that there are, by topic. Queries that need a required one are inconclusive without "
    "it; `comprova plan {id}` lists them.",
    pt_BR="Valores para as consultas, todos os que há, por assunto. As consultas que precisam de um obrigatório são "
    "inconclusivas sem ele; `comprova plan {id}` as lista.",
)
SEVERAL = Text(en="Of several topics", pt_BR="De vários assuntos")
UNUSED = Text(en="Used by no query today", pt_BR="Não usados por nenhuma consulta hoje")
REQUIRED = Text(
    en="{type}, required. Example: {example}",
    pt_BR="{type}, obrigatório. Exemplo: {example}",
)
DEFAULT = Text(
    en="{type}, default {default}. Example: {example}",
    pt_BR="{type}, padrão {default}. Exemplo: {example}",
)
ASKED_BY = Text(en="Used by {queries}.", pt_BR="Usado por {queries}.")
FOUND = Text(en="Found in the logs:", pt_BR="Encontrado nos logs:")
FOUND_MORE = Text(
    en="Found in the logs, the most frequent; there are {more} more:",
    pt_BR="Encontrado nos logs, os mais frequentes; há mais {more}:",
)
REFUSED = Text(
    en="Left out: {count} values from the logs that are too long, or hold characters that cannot be shown.",
    pt_BR="Omitidos: {count} valores dos logs, longos demais ou com caracteres que não podem ser mostrados.",
)
SEEN = Text(en="{events} events, last on {day}", pt_BR="{events} eventos, o último em {day}")
HOURS_FOUND = Text(
    en="Events of people by local hour: {counts}",
    pt_BR="Eventos de pessoas por hora local: {counts}",
)
DAYS_FOUND = Text(
    en="Events of people by day of the week: {counts}",
    pt_BR="Eventos de pessoas por dia da semana: {counts}",
)

QUERIES_FOLDER = Text(
    en="# queries\n\n"
    "Your own questions: a folder per pack, with `pack.toml` and one `.sql` file per question. Ids begin with "
    "`{prefix}.`, such as `{prefix}.access.night_reads`. `frameworks/` may hold your own policy as an edition, and "
    "`parameters.toml` further parameters. `comprova queries check` tells what is wrong, `comprova queries test` "
    "runs the case files, `comprova queries lock` releases.\n",
    pt_BR="# queries\n\n"
    "Suas próprias perguntas: uma pasta por pacote, com `pack.toml` e um arquivo `.sql` por pergunta. Os ids "
    "começam com `{prefix}.`, como `{prefix}.access.night_reads`. `frameworks/` pode conter uma política interna "
    "como edição, e `parameters.toml` outros parâmetros. `comprova queries check` diz o que está errado, `comprova "
    "queries test` executa os arquivos de caso, `comprova queries lock` libera a versão.\n",
)
REPORTS_FOLDER = Text(
    en="# reports\n\n"
    "Your own report definitions: what a document contains. Give them names that comprova's own do not have, such "
    "as `{prefix}-board`; copy `monthly.toml` of comprova to start from.\n",
    pt_BR="# reports\n\n"
    "Suas próprias definições de relatório: o que um documento contém. Use nomes que o comprova não usa, como "
    "`{prefix}-diretoria`; copie o `monthly.toml` do comprova para começar.\n",
)
TEMPLATES_FOLDER = Text(
    en="# templates\n\n"
    "The place of your own looks and languages. A file here stands in for comprova's own of the same name, as "
    "`paper.css`, and `locale/es/` adds a language; a cover says so.\n",
    pt_BR="# templates\n\n"
    "O lugar da aparência e dos idiomas próprios. Um arquivo daqui substitui o do comprova com o mesmo nome, como "
    "`paper.css`, e `locale/es/` acrescenta um idioma; a capa avisa.\n",
)
CASES_FOLDER = Text(
    en="# tests/cases\n\n"
    "A case file for each of your questions, `<pack>/<name>.toml`: whole CloudTrail records in, expected rows out. "
    "At least a match, a near miss, a refused call and an event just outside the period.\n",
    pt_BR="# tests/cases\n\n"
    "Um arquivo de caso para cada pergunta sua, `<pacote>/<nome>.toml`: registros inteiros do CloudTrail entram, "
    "linhas esperadas saem. No mínimo uma correspondência, um quase-caso, uma chamada recusada e um evento logo "
    "fora do período.\n",
)
