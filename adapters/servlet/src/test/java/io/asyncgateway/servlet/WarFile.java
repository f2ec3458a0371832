package io.asyncgateway.servlet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/** A WAR that a test writes. */
final class WarFile {
    private final Path directory;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private WarFile(Path directory) {
        this.directory = directory;
    }

    static WarFile in(Path directory) {
        return new WarFile(directory);
    }

    WarFile text(String name, String content) {
        entries.put(name, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Its {@code web.xml}, with this in it. */
    WarFile descriptor(String content) {
        return text(
                "WEB-INF/web.xml",
                "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.1\">" + content + "</web-app>");
    }

    WarFile compiled(String name, String source) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        directory.toString(),
                        file.toString());
        if (result != 0) {
            throw new IOException(messages.toString(StandardCharsets.UTF_8));
        }
        entries.put("WEB-INF/classes/" + name + ".class", Files.readAllBytes(directory.resolve(name + ".class")));
        return this;
    }

    Path write() throws IOException {
        Path war = directory.resolve("test.war");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return war;
    }
}
