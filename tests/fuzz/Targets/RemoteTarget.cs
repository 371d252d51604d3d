using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Workflows;

namespace HarvestTools.Fuzz.Targets;

/// <summary>
/// A remote in which one file has other bytes: a pull into a clone gives a result or the engine's error, and the clone never keeps an
/// object whose bytes are not those of its name; a push that reads everything then leaves no object that a slice names damaged.
/// </summary>
internal sealed class RemoteTarget : FuzzTarget
{
    private static readonly TransferRequest s_everything = new() { Tables = true, Deep = true, Transfers = 1 };

    private readonly SampleRepository _sample = new();
    private readonly ScratchFolder _remote = new();
    private readonly IReadOnlyList<(string Path, byte[] Bytes)> _files;

    public RemoteTarget()
    {
        (_sample.Open().Settings with { Remotes = [new RemoteSettings { Name = "origin", Url = _remote.Path }] }).Write(_sample.Open().SettingsPath);
        PushSlices.Run(_sample.Open(), s_everything, _sample.Context);
        _files = Files();

        // The first byte of an input chooses the file whose bytes are the rest.
        Seeds = [.. _files.Select(static (file, i) => (byte[])[(byte)i, .. file.Bytes])];
    }

    public override string Name => "remote";

    public override IReadOnlyList<byte[]> Seeds { get; }

    public override void Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        (string path, byte[] bytes) = _files[input[0] % _files.Count];
        byte[] changed = input[1..];
        ScratchFolder.Write(path, changed);
        try
        {
            using var clone = new ScratchFolder();
            Clone(clone);
            string pulled = Outcome(() => Said(PullSlices.Run(Repository.Find(clone.Path), s_everything, _sample.Context)));
            RequireWhole(clone, path);
            bool isObject = Path.GetRelativePath(_remote.Path, path).StartsWith("sha256", StringComparison.Ordinal);
            Require(!isObject || changed.AsSpan().SequenceEqual(bytes) || pulled != "whole", $"{path} has other bytes, and the pull says that all was brought.");
            _ = Outcome(() => Said(PushSlices.Run(_sample.Open(), s_everything, _sample.Context)));
            Require(!isObject || File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes), $"{path} is as it was damaged after a push that reads everything.");
        }
        finally
        {
            Restore();
        }
    }

    public override void Dispose()
    {
        _remote.Dispose();
        _sample.Dispose();
        base.Dispose();
    }

    private static string Said(TransferResult result)
    {
        foreach (HarvestException error in result.Items.Select(static item => item.Error).OfType<HarvestException>())
        {
            Require(IsUsable(error), $"An error without what a user needs: {error}");
        }

        return result.Failed == 0 ? "whole" : "failed";
    }

    private static void RequireWhole(ScratchFolder clone, string path)
    {
        string objects = clone[".harvest/archive/sha256"];
        foreach (string file in Directory.Exists(objects) ? Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories) : [])
        {
            Require(FileHash.Compute(file) == Path.GetFileName(file), $"With other bytes in {path} the clone keeps {file}, which is damaged.");
        }

        var check = new ArchiveCheck(CheckArchive.Of(Repository.Find(clone.Path))) { Threads = 1 };
        foreach (ArchiveFinding finding in check.Run())
        {
            Require(finding.Kind is not (ArchiveFindingKind.CacheDamaged or ArchiveFindingKind.Damaged or ArchiveFindingKind.Unreadable), $"With other bytes in {path}: {finding.Message}");
        }
    }

    private void Clone(ScratchFolder clone)
    {
        foreach ((string path, byte[] bytes) in _sample.Files().Select(file => (_sample.Relative(file.Path), file.Bytes)))
        {
            if (path == HarvestSettings.FileName || path.StartsWith("slices/", StringComparison.Ordinal))
            {
                ScratchFolder.Write(clone[path], bytes);
            }
        }
    }

    private IReadOnlyList<(string Path, byte[] Bytes)> Files() =>
    [
        .. Directory.EnumerateFiles(_remote.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(static file => (file, File.ReadAllBytes(file))),
    ];

    /// <summary>What a push mended, set aside or marked is as it was, so that no input depends on those before it.</summary>
    private void Restore()
    {
        HashSet<string> known = [.. _files.Select(static file => file.Path)];
        foreach ((string path, byte[] bytes) in Files())
        {
            if (!known.Contains(path))
            {
                File.SetAttributes(path, FileAttributes.Normal);
                File.Delete(path);
            }
        }

        foreach ((string path, byte[] bytes) in _files.Where(static file => !File.Exists(file.Path) || !File.ReadAllBytes(file.Path).AsSpan().SequenceEqual(file.Bytes)))
        {
            ScratchFolder.Write(path, bytes);
        }
    }
}
