package io.asyncgateway.cli.log;

/** The atoms as the documentation shows them. */
public final class AtomTable {
    private AtomTable() {}

    public static String markdown() {
        StringBuilder table = new StringBuilder("| atom | means |\n|---|---|\n");
        for (Atom atom : Atom.ALL) {
            table.append("| `%(")
                    .append(atom.letter())
                    .append(")s` | ")
                    .append(atom.meaning())
                    .append(" |\n");
        }
        return table.append("| `%({name}i)s` | header `name` of the request |\n| `%%` | a percent sign |\n")
                .toString();
    }
}
