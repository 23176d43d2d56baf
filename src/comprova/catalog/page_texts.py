"""The words of the catalogue's pages, in both languages."""

from collections.abc import Mapping

from comprova.catalog.framework import Bearing, Coverage, Elsewhere
from comprova.catalog.query import Kind, Severity
from comprova.catalog.text import Text

KINDS: Mapping[Kind, Text] = {
    Kind.POPULATION: Text(
        en="population: the full list that an auditor samples from",
        pt_BR="população: a lista completa da qual o auditor tira amostras",
    ),
    Kind.EXCEPTION: Text(
        en="exception: each row wants an explanation", pt_BR="exceção: cada linha pede uma explicação"
    ),
    Kind.METRIC: Text(en="metric: figures", pt_BR="métrica: números"),
}
SEVERITIES: Mapping[Severity, Text] = {
    Severity.CRITICAL: Text(en="critical", pt_BR="crítica"),
    Severity.HIGH: Text(en="high", pt_BR="alta"),
    Severity.MEDIUM: Text(en="medium", pt_BR="média"),
    Severity.LOW: Text(en="low", pt_BR="baixa"),
    Severity.INFO: Text(en="info", pt_BR="informativa"),
}
BEARINGS: Mapping[Bearing, Text] = {
    Bearing.PROVES: Text(en="proves", pt_BR="prova"),
    Bearing.SUPPORTS: Text(en="supports", pt_BR="apoia"),
}
COVERAGES: Mapping[Coverage, Text] = {
    Coverage.FULL: Text(en="full", pt_BR="total"),
    Coverage.PARTIAL: Text(en="partial", pt_BR="parcial"),
    Coverage.SUPPORTING: Text(en="supporting", pt_BR="de apoio"),
    Coverage.NONE: Text(en="none", pt_BR="nenhuma"),
}
ELSEWHERE: Mapping[Elsewhere, Text] = {
    Elsewhere.MANUAL: Text(
        en="people collect the evidence: policies, contracts, registers, training",
        pt_BR="a evidência é reunida por pessoas: políticas, contratos, registros, treinamentos",
    ),
    Elsewhere.OUT_OF_REACH: Text(
        en="it arises in systems that CloudTrail does not see", pt_BR="surge em sistemas que o CloudTrail não vê"
    ),
}

KIND = Text(en="Kind", pt_BR="Tipo")
SEVERITY = Text(en="severity", pt_BR="severidade")
NEEDS = Text(
    en="Must be logged before no rows means anything",
    pt_BR="Precisa estar registrado para que a ausência de linhas signifique algo",
)
LOG_FILES = Text(en="the log files themselves", pt_BR="os próprios arquivos de log")
LOOK_BACK = Text(en="Looks back before the period", pt_BR="Olha para trás, antes do período")
DAYS = Text(en="days", pt_BR="dias")
GRAIN = Text(en="One row for each", pt_BR="Uma linha para cada")
SUBJECT = Text(en="A finding is named by", pt_BR="Um achado é identificado por")
COLUMNS = Text(en="What a row holds", pt_BR="O que uma linha contém")
PERSONAL = Text(en="may name a person", pt_BR="pode identificar uma pessoa")
LIMITS = Text(en="What the answer cannot show", pt_BR="O que a resposta não pode mostrar")
REMEDY = Text(en="What to do with a row", pt_BR="O que fazer com uma linha")
PARAMETERS = Text(en="Parameters", pt_BR="Parâmetros")
REQUIRED = Text(en="required", pt_BR="obrigatório")
DEFAULT = Text(en="default", pt_BR="padrão")
GIVEN = Text(en="given by the run", pt_BR="dado pela execução")
BEARS_ON = Text(en="Requirements", pt_BR="Requisitos")
NOWHERE = Text(
    en="Named by no requirement: no job asks it yet.", pt_BR="Nenhum requisito a cita: nenhuma tarefa a faz ainda."
)
VERSIONS = Text(en="Versions", pt_BR="Versões")
RELEASED = Text(en="released", pt_BR="liberada em")
NOT_RELEASED = Text(en="not released", pt_BR="não liberada")
CURRENT = Text(en="current", pt_BR="atual")
FILE = Text(en="File", pt_BR="Arquivo")
QUESTIONS = Text(en="Questions", pt_BR="Perguntas")
CHANGES = Text(en="Changes", pt_BR="Mudanças")
COVERAGE = Text(en="CloudTrail's part of the evidence", pt_BR="Parte da evidência que o CloudTrail dá")
PLANNED = Text(en="no question asks for it yet", pt_BR="nenhuma pergunta trata disso ainda")
AUTHORITY = Text(en="Authority", pt_BR="Autoridade")
IN_FORCE = Text(en="in force since", pt_BR="em vigor desde")
UNTIL = Text(en="until", pt_BR="até")
