"""The general part of a plan: true for any unit and any period, so it names no law, programme or figure.

Places in braces are filled from the unit: ``unit`` «xã …», ``kind`` «xã», ``below`` «các thôn», ``heads`` «Trưởng
thôn».
"""

from reports.tree import Level

Lines = tuple[tuple[Level, str], ...]

GENERAL_GOALS = (
    "Giảm thực chất, bền vững số hộ nghèo, hộ cận nghèo; theo dõi, giúp đỡ các hộ đã thoát nghèo để không trở lại diện "
    "nghèo; nâng dần thu nhập và chất lượng cuộc sống của người dân trên địa bàn {unit}.",
    "Người nghèo, người cận nghèo được tiếp cận đầy đủ hơn các dịch vụ xã hội cơ bản về việc làm, y tế, giáo dục, nhà "
    "ở, nước sinh hoạt và vệ sinh, thông tin. Nguồn lực giảm nghèo được dùng đúng đối tượng, đúng mục đích, công khai "
    "để Nhân dân biết và giám sát.",
)

TASKS: Lines = (
    (Level.CLAUSE, "Rà soát, quản lý hộ nghèo, hộ cận nghèo"),
    (Level.SUBCLAUSE, "Rà soát đúng đối tượng, đúng quy trình"),
    (
        Level.DASH,
        "Lập danh sách hộ cần rà soát từ danh sách đang quản lý và giấy đề nghị của người dân; không bỏ sót "
        "hộ gặp khó khăn phát sinh trong năm;",
    ),
    (
        Level.DASH,
        "Thu thập thông tin tại hộ, chấm điểm, phân loại theo chuẩn nghèo đa chiều đang áp dụng; họp dân và "
        "niêm yết kết quả trước khi công nhận:",
    ),
    (Level.PLUS, "Kết quả được niêm yết tại trụ sở và nơi sinh hoạt cộng đồng để người dân xem và có ý kiến;"),
    (
        Level.PLUS,
        "Hộ có kiến nghị được phúc tra; biên bản phúc tra ghi rõ người thực hiện, ngày thực hiện, nội dung đã "
        "kiểm tra lại, kết quả và việc thông báo cho hộ.",
    ),
    (Level.SUBCLAUSE, "Theo dõi biến động trong năm"),
    (
        Level.DASH,
        "Cập nhật kịp thời hộ thoát nghèo, tái nghèo, phát sinh nghèo và các trường hợp chuyển đi, chuyển đến, "
        "tách hộ, nhập hộ;",
    ),
    (
        Level.DASH,
        "Xác định nguyên nhân nghèo, các chỉ số thiếu hụt và nhu cầu hỗ trợ của từng hộ, làm căn cứ lựa chọn "
        "biện pháp giúp đỡ phù hợp.",
    ),
    (Level.CLAUSE, "Hỗ trợ tiếp cận các dịch vụ xã hội cơ bản"),
    (Level.SUBCLAUSE, "Y tế, bảo hiểm y tế"),
    (
        Level.DASH,
        "Đối chiếu danh sách tham gia bảo hiểm y tế ngay khi có biến động, để người thuộc diện được hỗ trợ "
        "không bị gián đoạn quyền lợi;",
    ),
    (Level.DASH, "Theo dõi dinh dưỡng của trẻ em trong hộ nghèo, hộ cận nghèo; hướng dẫn gia đình cách chăm sóc."),
    (Level.SUBCLAUSE, "Giáo dục"),
    (Level.DASH, "Thực hiện đầy đủ việc miễn, giảm học phí và hỗ trợ học tập theo quy định;"),
    (Level.DASH, "Nắm chắc từng trường hợp trẻ em chưa đến trường hoặc có nguy cơ bỏ học để vận động, giúp đỡ."),
    (Level.SUBCLAUSE, "Nhà ở"),
    (
        Level.DASH,
        "Khảo sát nhà ở của hộ nghèo, hộ cận nghèo; lập danh sách hộ có nhà không bền chắc hoặc quá chật theo "
        "thứ tự ưu tiên;",
    ),
    (
        Level.DASH,
        "Kết hợp hỗ trợ theo chính sách với đóng góp của cộng đồng, dòng họ và công sức của chính hộ gia đình.",
    ),
    (Level.SUBCLAUSE, "Nước sinh hoạt và vệ sinh"),
    (
        Level.DASH,
        "Thống kê hộ chưa có nguồn nước bảo đảm hoặc chưa có nhà tiêu hợp vệ sinh; hướng dẫn, hỗ trợ xây dựng, "
        "sửa chữa và giữ gìn công trình.",
    ),
    (Level.SUBCLAUSE, "Thông tin"),
    (
        Level.DASH,
        "Thông báo chính sách, thời gian và nơi làm thủ tục qua hệ thống truyền thanh, họp dân và các kênh trực "
        "tuyến của {kind};",
    ),
    (Level.DASH, "Hướng dẫn hộ nghèo, hộ cận nghèo sử dụng dịch vụ viễn thông và phương tiện tiếp cận thông tin."),
    (Level.CLAUSE, "Việc làm, sinh kế và tín dụng"),
    (Level.SUBCLAUSE, "Việc làm và đào tạo nghề"),
    (
        Level.DASH,
        "Lập danh sách người có khả năng lao động trong hộ nghèo, hộ cận nghèo còn thiếu việc làm; tư vấn, giới "
        "thiệu việc làm và lớp học nghề phù hợp với từng người.",
    ),
    (Level.SUBCLAUSE, "Phát triển sản xuất, tạo sinh kế"),
    (
        Level.DASH,
        "Lựa chọn cây trồng, vật nuôi, ngành nghề hợp với điều kiện của địa phương và khả năng của hộ; việc chọn "
        "hộ tham gia được bình xét công khai;",
    ),
    (
        Level.DASH,
        "Hướng dẫn kỹ thuật, liên kết tiêu thụ sản phẩm; kiểm tra kết quả sau hỗ trợ để kịp thời giúp hộ gặp khó khăn.",
    ),
    (Level.SUBCLAUSE, "Tín dụng ưu đãi"),
    (
        Level.DASH,
        "Xác nhận đúng đối tượng, tạo thuận lợi để hộ nghèo, hộ cận nghèo, hộ mới thoát nghèo vay vốn khi có nhu "
        "cầu; hướng dẫn sử dụng vốn đúng mục đích, trả nợ đúng hạn.",
    ),
    (Level.CLAUSE, "Truyền thông, khơi dậy ý chí vươn lên"),
    (
        Level.DASH,
        "Phổ biến mục tiêu, chính sách giảm nghèo đến từng hộ; giới thiệu những hộ thoát nghèo tiêu biểu và cách "
        "làm có thể học theo;",
    ),
    (
        Level.DASH,
        "Phân công cán bộ, đảng viên, hội viên giúp đỡ hộ cụ thể; vận động hộ có điều kiện đăng ký thoát nghèo.",
    ),
    (Level.CLAUSE, "Huy động và lồng ghép nguồn lực"),
    (
        Level.DASH,
        "Sử dụng hiệu quả vốn ngân sách được giao; lồng ghép với các chương trình, đề án khác trên cùng địa bàn, "
        "không trùng lặp đối tượng và nội dung;",
    ),
    (Level.DASH, "Vận động tổ chức, doanh nghiệp, cá nhân ủng hộ; công khai việc tiếp nhận và sử dụng."),
    (Level.CLAUSE, "Kiểm tra, giám sát, báo cáo"),
    (Level.DASH, "Kiểm tra việc thực hiện chỉ tiêu và chính sách tại {below}; phát hiện, chấn chỉnh kịp thời sai sót;"),
    (Level.DASH, "Tổng hợp, báo cáo kết quả sáu tháng, cả năm và đột xuất khi có yêu cầu."),
)

GENERIC_DUTIES: Lines = (
    (Level.CLAUSE, "{drafter}"),
    (Level.DASH, "Giúp Ủy ban nhân dân {kind} hướng dẫn, theo dõi, đôn đốc việc thực hiện Kế hoạch này;"),
    (Level.DASH, "Chủ trì rà soát, quản lý danh sách hộ nghèo, hộ cận nghèo; tổng hợp kết quả, báo cáo theo quy định."),
    (Level.CLAUSE, "Các bộ phận chuyên môn, đơn vị trên địa bàn"),
    (
        Level.DASH,
        "Theo chức năng, nhiệm vụ được giao, xây dựng biện pháp khắc phục các chỉ số thiếu hụt thuộc lĩnh vực "
        "phụ trách và tổ chức thực hiện;",
    ),
    (Level.DASH, "Phối hợp cung cấp số liệu, kiểm tra và đánh giá kết quả."),
    (Level.CLAUSE, "{heads}"),
    (Level.DASH, "Tổ chức thực hiện chỉ tiêu được giao; nắm hoàn cảnh, nguyện vọng của từng hộ nghèo, hộ cận nghèo;"),
    (Level.DASH, "Phổ biến Kế hoạch đến người dân; kịp thời phản ánh hộ gặp rủi ro, hộ có nguy cơ tái nghèo."),
    (Level.CLAUSE, "Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam và các đoàn thể {kind}"),
    (Level.DASH, "Vận động hội viên, đoàn viên và Nhân dân tham gia thực hiện; nhận giúp đỡ hộ nghèo, hộ cận nghèo;"),
    (Level.DASH, "Giám sát việc rà soát, bình xét và thực hiện chính sách đối với hộ nghèo, hộ cận nghèo."),
)
