"""Signs at places on a page become lines, columns, tables and paragraphs in reading order.

PDF and OFD say where each sign stands and hardly ever what belongs together; recognition in
pictures says where each line stands. All three are read through the same modules.
"""
