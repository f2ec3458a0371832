package io.asyncgateway.cli.log;

import io.asyncgateway.server.AccessLog;
import java.util.stream.Collectors;

/** How a line of the access log looks. Used on one thread at a time. */
public interface AccessLogFormat {
    /** The letters of the atoms, for the help. */
    String ATOMS = Atom.ALL.stream().map(Atom::letter).collect(Collectors.joining(" ")) + " {header}i";

    /** Appends the line of an entry without its end: ASCII, no control characters. */
    void append(AccessLog.Entry entry, StringBuilder line);

    /**
     * A format by its name, or of atoms.
     *
     * @param text {@code common}, {@code combined}, {@code json}, or a text with at least one atom
     * @throws IllegalArgumentException if it is none of these
     */
    static AccessLogFormat named(String text) {
        return switch (text) {
            case "common" -> new AtomFormat(text, "%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s");
            case "combined" ->
                new AtomFormat(text, "%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s \"%(f)s\" \"%(a)s\"");
            case "json" -> new JsonFormat();
            default -> new AtomFormat(text, text);
        };
    }
}
