package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationClassPathTest {
    private static final ClassLoader PARENT = ApplicationClassPathTest.class.getClassLoader();

    @TempDir
    Path directory;

    @Test
    void withoutEntriesTheServersOwnClassesAreAll() {
        assertThat(ApplicationClassPath.loader(ApplicationOptions.NONE, PARENT)).isSameAs(PARENT);
    }

    @Test
    void anApplicationIsLoadedFromADirectory() throws Exception {
        CompiledClass.compile(directory, "FromDirectory", CompiledClass.application("FromDirectory"));

        assertLoads("FromDirectory", ApplicationOptions.NONE.withAppDir(directory));
        assertLoads("FromDirectory", ApplicationOptions.NONE.withClassPath(List.of(directory.toString())));
    }

    @Test
    void anApplicationIsLoadedFromAJar() throws Exception {
        Path jar = jar("FromJar");

        assertLoads("FromJar", ApplicationOptions.NONE.withAppDir(jar.getParent()));
        assertLoads("FromJar", ApplicationOptions.NONE.withClassPath(List.of(jar.toString())));
        assertLoads("FromJar", ApplicationOptions.NONE.withClassPath(List.of(jar.getParent() + File.separator + "*")));
        assertLoads("FromJar", ApplicationOptions.NONE.withClassPath(List.of(directory + File.pathSeparator + jar)));
    }

    @Test
    void aClassOfTheServerIsNotReplaced() throws Exception {
        ClassLoader loader = ApplicationClassPath.loader(
                ApplicationOptions.NONE.withClassPath(List.of(jar("Any").toString())), PARENT);

        assertThat(loader.loadClass("io.asyncgateway.api.Application")).isSameAs(io.asyncgateway.api.Application.class);
    }

    @Test
    void aClassThatIsMissingIsHintedAtByTheJarsNames() throws Exception {
        Path jar = jar("Shop");
        ClassLoader loader =
                ApplicationClassPath.loader(ApplicationOptions.NONE.withClassPath(List.of(jar.toString())), PARENT);

        assertThatThrownBy(() -> ApplicationLoader.load(Target.parse("Shpo"), Launch.defaults(), loader))
                .hasMessage("application not found: no class Shpo (did you mean Shop?)");
    }

    @Test
    void anEntryMustExist() {
        assertRefused(
                ApplicationOptions.NONE.withClassPath(List.of("nowhere.jar")),
                "class-path: nowhere.jar (expected: a jar, a directory or DIR/* that exists)");
        assertRefused(
                ApplicationOptions.NONE.withClassPath(List.of("nowhere/*")),
                "class-path: nowhere/* (expected: a jar, a directory or DIR/* that exists)");
        assertRefused(
                ApplicationOptions.NONE.withClassPath(List.of(directory + File.pathSeparator)),
                "class-path: an empty entry (expected: a jar, a directory or DIR/* that exists)");
        assertRefused(
                ApplicationOptions.NONE.withAppDir(Path.of("nowhere")),
                "app-dir: nowhere (expected: a directory that exists)");
    }

    private Path jar(String name) throws Exception {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Path compiled = CompiledClass.compile(classes, name, CompiledClass.application(name));
        return CompiledClass.jar(
                Files.createDirectories(directory.resolve("lib")).resolve(name + ".jar"), compiled);
    }

    private static void assertLoads(String name, ApplicationOptions options) {
        ClassLoader loader = ApplicationClassPath.loader(options, PARENT);

        Class<?> found = ApplicationLoader.load(Target.parse(name), Launch.defaults(), loader)
                .getClass();

        assertThat(found.getName()).isEqualTo(name);
        assertThat(found.getClassLoader()).isSameAs(loader);
    }

    private static void assertRefused(ApplicationOptions options, String message) {
        assertThatThrownBy(() -> ApplicationClassPath.loader(options, PARENT))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
