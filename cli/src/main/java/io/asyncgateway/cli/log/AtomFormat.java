package io.asyncgateway.cli.log;

import io.asyncgateway.server.AccessLog.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A format of atoms in gunicorn's syntax: {@code %(h)s "%(r)s" %({x-request-id}i)s}; {@code %%} is a percent sign. */
final class AtomFormat implements AccessLogFormat {
    private static final Pattern SYNTAX = Pattern.compile("%\\(([^)]*)\\)s|%%|%|[^%]+");
    private static final Pattern HEADER = Pattern.compile("\\{([!#$&'*+.^_`|~0-9A-Za-z-]+)\\}i");

    /** Fields that carry credentials, which belong in no log. */
    private static final Set<String> SECRET = Set.of(
            "authorization",
            "proxy-authorization",
            "cookie",
            "cookie2",
            "set-cookie",
            "x-api-key",
            "x-auth-token",
            "x-csrf-token",
            "x-amz-security-token");

    private final String name;
    private final List<Atom.Value> parts;

    AtomFormat(String name, String format) {
        this.name = name;
        this.parts = parse(format);
    }

    @Override
    public void append(Entry entry, StringBuilder line) {
        for (Atom.Value part : parts) {
            part.append(entry, line);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static List<Atom.Value> parse(String format) {
        List<Atom.Value> parts = new ArrayList<>();
        boolean atoms = false;
        Matcher matcher = SYNTAX.matcher(format);
        while (matcher.find()) {
            String part = matcher.group();
            if (matcher.group(1) != null) {
                parts.add(atom(matcher.group(1)));
                atoms = true;
            } else if (part.equals("%")) {
                throw refused("a percent sign at index " + matcher.start() + " as in %(h)s or %%");
            } else {
                parts.add(literal(part.equals("%%") ? "%" : part));
            }
        }
        if (!atoms) {
            throw refused("common, combined, json, or a format of atoms such as %(h)s");
        }
        return List.copyOf(parts);
    }

    private static Atom.Value literal(String text) {
        if (!text.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t')) {
            throw refused("ASCII without line breaks between the atoms");
        }
        return (entry, line) -> line.append(text);
    }

    private static Atom.Value atom(String name) {
        Matcher header = HEADER.matcher(name);
        if (header.matches()) {
            String field = header.group(1).toLowerCase(Locale.ROOT);
            if (SECRET.contains(field)) {
                throw refused("no header with credentials, as " + field + " is");
            }
            return (entry, line) -> Atom.header(entry, field, line);
        }
        return Atom.named(name)
                .map(Atom::value)
                .orElseThrow(() -> refused("no %(" + name + ")s; the atoms are " + ATOMS));
    }

    private static IllegalArgumentException refused(String expected) {
        return new IllegalArgumentException("format (expected: " + expected + ")");
    }
}
