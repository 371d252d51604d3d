using System.Diagnostics;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Tests.Files;

/// <summary>What a name is, asked before it is opened.</summary>
public sealed class FileKindTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_folders_and_what_is_not_there_are_known()
    {
        string file = _folder.Write("a", "x");
        Assert.Equal((FileKind.Regular, FileKind.Regular), (FileKinds.Of(file), FileKinds.Behind(file)));
        Assert.Equal((FileKind.Folder, FileKind.Folder), (FileKinds.Of(_folder.Path), FileKinds.Behind(_folder.Path)));
        Assert.Equal((FileKind.None, FileKind.None), (FileKinds.Of(_folder["b"]), FileKinds.Behind(_folder["b"])));
        Assert.Equal(FileKind.None, FileKinds.Of(Path.Combine(file, "below a file")));
        FileKinds.RequireReadable(_folder["b"], "read");
        FileKinds.RequireStored(_folder["b"], "read");
        FileKinds.RequireStored(file, "read");
        FileKinds.RequireStoredFolder(_folder.Path, "read");
        Assert.Equal("NotAStoredFile", Assert.Throws<HarvestException>(() => FileKinds.RequireStored(_folder.Path, "read")).ErrorId);
        Assert.Equal("NotAStoredFile", Assert.Throws<HarvestException>(() => FileKinds.RequireStoredFolder(file, "read")).ErrorId);
    }

    [Fact]
    public void A_link_is_a_link_and_behind_it_is_what_it_leads_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
        string file = _folder.Write("a", "x");
        File.CreateSymbolicLink(_folder["to-file"], file);
        File.CreateSymbolicLink(_folder["to-link"], _folder["to-file"]);
        Directory.CreateSymbolicLink(_folder["to-folder"], _folder.Path);
        File.CreateSymbolicLink(_folder["to-nothing"], _folder["gone"]);
        File.CreateSymbolicLink(_folder["circle"], _folder["circle"]);
        Assert.All(["to-file", "to-link", "to-folder", "to-nothing", "circle"], name => Assert.Equal(FileKind.Link, FileKinds.Of(_folder[name])));
        Assert.Equal(
            [FileKind.Regular, FileKind.Regular, FileKind.Folder, FileKind.None, FileKind.None],
            new[] { "to-file", "to-link", "to-folder", "to-nothing", "circle" }.Select(name => FileKinds.Behind(_folder[name])));
        Assert.Equal($"a link to '{file}'", FileKinds.Describe(FileKind.Link, _folder["to-file"]));
        Assert.EndsWith("which is not there", FileKinds.Describe(FileKind.Link, _folder["to-nothing"]), StringComparison.Ordinal);

        // Reading through a link is as before; in the store it is refused.
        Assert.Equal("x", File.ReadAllText(_folder["to-link"]));
        AtomicFile.OpenRead(_folder["to-link"]).Dispose();
        Assert.Equal("NotAStoredFile", Assert.Throws<HarvestException>(() => FileKinds.RequireStored(_folder["to-file"], "read")).ErrorId);
    }

    [Fact]
    public async Task A_pipe_is_never_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no named pipes among the files of Windows");
        string pipe = _folder["pipe"];
        using (Process made = Process.Start("mkfifo", [pipe]))
        {
            made.WaitForExit();
        }

        File.CreateSymbolicLink(_folder["to-pipe"], pipe);
        Assert.Equal((FileKind.Pipe, FileKind.Link, FileKind.Pipe), (FileKinds.Of(pipe), FileKinds.Of(_folder["to-pipe"]), FileKinds.Behind(_folder["to-pipe"])));
        Action<string>[] opening =
        [
            static path => AtomicFile.OpenRead(path).Dispose(),
            static path => AtomicFile.ReadAllBytes(path),
            static path => AtomicFile.RentAllBytes(path, out _),
            static path => FileHash.Compute(path),
            static path => ExportFile.OpenRead(path).Dispose(),
            static path => HarvestTools.Json.JsonFileText.Load(path),
            static path => TreeHash.TryCompute(path),
            static path => TreeHash.TryCompute(Path.GetDirectoryName(path)!),
        ];
        foreach (Action<string> open in opening)
        {
            Task<string> refused = Task.Run(() => Assert.Throws<HarvestException>(() => open(pipe)).ErrorId);

            // One that waits for a writer fails the test.
            Assert.Contains(await refused.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), new[] { "NotARegularFile", "LinkNotFollowed" });
        }

        Assert.False(StaleFiles.TryRemove(pipe));
        Assert.Equal(FileKind.Device, FileKinds.Of("/dev/null"));
    }

    /// <summary>A block device without a driver: opening it would be another error than the one that names it.</summary>
    [Fact]
    public void A_device_node_is_never_opened()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(), "only root may make device nodes");
        string node = _folder["node"];
        using (Process made = Process.Start("mknod", [node, "b", "240", "0"]))
        {
            made.WaitForExit();
            Assert.SkipUnless(made.ExitCode == 0, "root of this container or file system may not make device nodes");
        }

        Assert.Equal(FileKind.Device, FileKinds.Of(node));
        Assert.Equal("NotARegularFile", Assert.Throws<HarvestException>(() => AtomicFile.ReadAllBytes(node)).ErrorId);
        Assert.Equal("NotARegularFile", Assert.Throws<HarvestException>(() => FileHash.Compute(node)).ErrorId);
        Assert.Equal("NotAStoredFile", Assert.Throws<HarvestException>(() => FileKinds.RequireStored(node, "read")).ErrorId);
        Assert.Equal([("node", FileKind.Device)], StoreWalk.Of(_folder.Path, recurse: true).Select(static found => (found.Name, found.Kind)));
        Assert.False(StaleFiles.TryRemove(node));
    }

    [Fact]
    public void A_walk_does_not_follow_links()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
        _folder.Write("walked/a", "x");
        _folder.Write("walked/in/b", "x");
        _folder.Write("outside/c", "x");
        Directory.CreateSymbolicLink(_folder["walked/out"], _folder["outside"]);
        Directory.CreateSymbolicLink(_folder["walked/in/up"], _folder["walked"]);
        Directory.CreateSymbolicLink(_folder["other"], _folder["walked"]);
        Assert.Equal(
            [("a", FileKind.Regular), ("b", FileKind.Regular), ("in", FileKind.Folder), ("out", FileKind.Link), ("up", FileKind.Link)],
            StoreWalk.Of(_folder["walked"], recurse: true).Select(static found => (found.Name, found.Kind)).OrderBy(static found => found.Name, StringComparer.Ordinal));
        Assert.Equal(["a", "in", "out"], StoreWalk.Of(_folder["walked"], recurse: false).Select(static found => found.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(StoreWalk.Of(_folder["walked"], recurse: true, static _ => false), static found => found.Name == "b");
        Assert.Empty(StoreWalk.Of(_folder["other"], recurse: true));
        Assert.Equal("LinkNotFollowed", Assert.Throws<HarvestException>(() => TreeHash.TryCompute(_folder["walked"])).ErrorId);
    }
}
