"""What somebody should look at before a document is printed. ``anchor`` names the page: «targets», «way» or «frame»."""

from povertyplan.core.findings import Finding, Severity
from povertyplan.core.text import first_upper
from povertyplan.papers.choices import Certainty
from povertyplan.papers.models import Paper
from reports import datasets
from reports.models import AnnualPlan
from reports.rules import force_gap
from targets.choices import PlanState
from targets.selectors.tables import TargetTable

TARGETS, WAY, FRAME = "targets", "way", "frame"


def table_findings(table: TargetTable | None) -> tuple[Finding, ...]:
    """What the target table lacks (errors), what it prints as nought and that it is a draft (warnings)."""
    found = [
        Finding(
            severity=Severity.ERROR,
            code="missing-figures",
            message=f"{first_upper(gap)}.",
            anchor=TARGETS,
            remedy="Nhập số liệu",
        )
        for gap in datasets.gaps(table)
    ]
    undecided = datasets.undecided(table) if table and not found else ()
    if undecided:
        found.append(
            Finding(
                severity=Severity.WARNING,
                code="undecided-reductions",
                anchor=TARGETS,
                remedy="Tới bảng chỉ tiêu",
                message=f"Chưa nhập đủ số hộ giảm, văn bản in là 0: {', '.join(undecided)}.",
            )
        )
    if table and not found and table.state != PlanState.APPROVED:
        found.append(
            Finding(
                severity=Severity.WARNING,
                code="not-approved",
                anchor=WAY,
                remedy="Tới trang duyệt",
                message=f"Bảng chỉ tiêu {table.state.label}; văn bản in chữ «DỰ THẢO», chưa ghi số được.",
            )
        )
    if table and not found and table.total.population is None:
        found.append(
            Finding(
                severity=Severity.HINT,
                code="no-population",
                anchor=TARGETS,
                remedy="Nhập nhân khẩu",
                message="Chưa có nhân khẩu; văn bản để trống cột nhân khẩu.",
            )
        )
    return tuple(found)


def frame_findings(plan: AnnualPlan | None) -> tuple[Finding, ...]:
    """Parts of the plan that print blank or in general words; none of them stops the printing."""
    papers = [basis.paper for basis in plan.bases.select_related("paper")] if plan else []
    warning, hint = Severity.WARNING, Severity.HINT
    missing = (
        (warning, "no-bases", papers, "Chưa chọn căn cứ ban hành."),
        (warning, "no-signer", plan and plan.signer_id, "Chưa chọn người ký; chỗ họ tên để trống."),
        (warning, "no-recipients", plan and plan.recipients.exists(), "Chưa ghi nơi nhận; văn bản chỉ in dòng lưu."),
        (hint, "no-duties", plan and plan.duties.exists(), "Chưa phân công nhiệm vụ; văn bản in phần tổ chức chung."),
    )
    found = [_in_frame(severity, code, message) for severity, code, is_there, message in missing if not is_there]
    if plan:
        found.extend(_in_frame(warning, code, message) for code, message in _doubts(plan, papers))
    return tuple(found)


def _in_frame(severity: Severity, code: str, message: str) -> Finding:
    return Finding(severity=severity, code=code, message=message, anchor=FRAME, remedy="Soạn phần chung")


def _doubts(plan: AnnualPlan, papers: list[Paper]) -> list[tuple[str, str]]:
    """Cited papers that do not hold on the day of the plan, or that nobody compared with the original."""
    found = []
    for paper in papers:
        gap = force_gap(
            paper.in_force_from, paper.in_force_to, year=plan.year, day=plan.issued_on or plan.planned_month
        )
        if gap:
            found.append(("basis-not-in-force", f"Căn cứ {paper} {gap}."))
        if paper.certainty == Certainty.UNCHECKED:
            found.append(("basis-unchecked", f"Căn cứ {paper} chưa đối chiếu văn bản."))
    return found
