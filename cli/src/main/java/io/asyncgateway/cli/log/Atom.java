package io.asyncgateway.cli.log;

import io.asyncgateway.api.RequestScope;
import io.asyncgateway.server.AccessLog.Entry;
import java.util.List;
import java.util.Optional;

/**
 * An atom of a format, by gunicorn's letters; {@code X} is Apache's.
 *
 * @param letter what stands between the parentheses
 * @param meaning for the documentation
 * @param value appends it to a line, escaped
 */
record Atom(String letter, String meaning, Value value) {
    static final List<Atom> ALL = List.of(
            new Atom("h", "address of the peer", (entry, line) -> line.append(Facts.client(entry.scope()))),
            new Atom("l", "always `-`", (entry, line) -> line.append('-')),
            new Atom(
                    "u",
                    "user name of Basic authentication",
                    (entry, line) -> Escape.word(Facts.user(entry.scope()), line)),
            new Atom(
                    "t",
                    "when the request came, as `[10/Oct/2000:13:55:36 -0700]`",
                    (entry, line) -> line.append(ClfTime.format(entry.start()))),
            new Atom("r", "request line", Atom::requestLine),
            new Atom("m", "method", (entry, line) -> Escape.word(entry.scope().method(), line)),
            new Atom(
                    "U",
                    "path as it came, without the query",
                    (entry, line) -> Escape.word(entry.scope().rawPath(), line)),
            new Atom(
                    "q",
                    "query as it came",
                    (entry, line) -> Escape.word(entry.scope().queryString(), line)),
            new Atom(
                    "H",
                    "protocol, as `HTTP/1.1`",
                    (entry, line) -> line.append(entry.scope().httpVersion())),
            new Atom("s", "status; `-` where none was sent", (entry, line) -> orDash(entry.status(), line)),
            new Atom("B", "bytes of the response's body", (entry, line) -> line.append(entry.bodyBytes())),
            new Atom("b", "the same, `-` for 0", (entry, line) -> orDash(entry.bodyBytes(), line)),
            new Atom("f", "header `referer`", (entry, line) -> header(entry, "referer", line)),
            new Atom("a", "header `user-agent`", (entry, line) -> header(entry, "user-agent", line)),
            new Atom(
                    "T",
                    "time taken, in whole seconds",
                    (entry, line) -> line.append(entry.duration().toSeconds())),
            new Atom(
                    "M",
                    "time taken, in milliseconds",
                    (entry, line) -> line.append(entry.duration().toMillis())),
            new Atom("D", "time taken, in microseconds", (entry, line) -> line.append(Facts.micros(entry))),
            new Atom("L", "time taken, in seconds with six decimals", Atom::decimalSeconds),
            new Atom(
                    "X",
                    "`X` where the response did not reach its end, else `-`",
                    (entry, line) -> line.append(entry.aborted() ? 'X' : '-')),
            new Atom("p", "number of the process, as `<123>`", (entry, line) -> line.append('<')
                    .append(Facts.PROCESS)
                    .append('>')));

    /** Appends a value to a line. */
    @FunctionalInterface
    interface Value {
        void append(Entry entry, StringBuilder line);
    }

    static Optional<Atom> named(String letter) {
        return ALL.stream().filter(atom -> atom.letter.equals(letter)).findFirst();
    }

    static void header(Entry entry, String name, StringBuilder line) {
        Escape.text(Facts.header(entry.scope(), name), line);
    }

    private static void requestLine(Entry entry, StringBuilder line) {
        RequestScope scope = entry.scope();
        Escape.word(scope.method(), line);
        line.append(' ');
        Escape.word(scope.target(), line);
        line.append(' ').append(scope.httpVersion());
    }

    private static void orDash(long number, StringBuilder line) {
        if (number == 0) {
            line.append('-');
        } else {
            line.append(number);
        }
    }

    private static void decimalSeconds(Entry entry, StringBuilder line) {
        long micros = Facts.micros(entry);
        String fraction = Long.toString(micros % 1_000_000);
        line.append(micros / 1_000_000)
                .append('.')
                .append("000000", 0, 6 - fraction.length())
                .append(fraction);
    }
}
