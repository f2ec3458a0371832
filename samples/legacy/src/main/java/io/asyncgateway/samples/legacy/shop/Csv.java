package io.asyncgateway.samples.legacy.shop;

/** Cells of a CSV file (RFC 4180). */
final class Csv {
    private Csv() {}

    /** A quoted text. One that a spreadsheet would take for a formula gets an apostrophe before it: customers choose their names. */
    static String cell(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return '"' + safe.replace("\"", "\"\"") + '"';
    }
}
