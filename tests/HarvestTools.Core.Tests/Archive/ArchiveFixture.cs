using System.Security.Cryptography;
using System.Text;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Repositories;
using HarvestTools.Tests.Files;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Archive;

/// <summary>A repository in a folder of its own, with short ways to fill and to spoil it.</summary>
internal sealed class ArchiveFixture : IDisposable
{
    public ArchiveFixture()
    {
        Repository = Repository.Initialize(Folder.Path);
    }

    public TemporaryFolder Folder { get; } = new();

    public Repository Repository { get; }

    public ExportArchive Archive => Repository.Archive;

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Archives and records a text; the hour tells which was added last.</summary>
    public string Add(string text, string project = "p", string? path = null, int hour = 0)
    {
        (string sha256, _) = Archive.Objects.AddBytes(Encoding.UTF8.GetBytes(text));
        Archive.Record(Record(text, project, path, hour));
        return sha256;
    }

    public static ExportRecord Record(string text, string project, string? path = null, int hour = 0) => new()
    {
        Project = project,
        Sha256 = Hash(text),
        Bytes = Encoding.UTF8.GetByteCount(text),
        Path = path,
        Name = path is null ? "from-outside.json" : null,
        AddedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(hour)),
    };

    /// <summary>Writes over an object in place, as a failing disk or a careless hand would.</summary>
    public void Spoil(string sha256, string text)
    {
        string path = Archive.PathOf(sha256);
        MakeWritable(path);
        File.WriteAllText(path, text);
        FileAccessBits.MakeReadOnly(path);
    }

    public static void MakeWritable(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            FileAccessBits.ClearForReplacement(path);
        }
        else
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public void Remove(string sha256)
    {
        FileAccessBits.ClearForReplacement(Archive.PathOf(sha256));
        File.Delete(Archive.PathOf(sha256));
    }

    public ArchiveFinding[] Check(out bool whole, bool repair = false)
    {
        var check = new ArchiveCheck(CheckArchive.Of(Repository)) { Repair = repair };
        ArchiveFinding[] findings = [.. check.Run()];
        whole = check.Whole;
        return findings;
    }

    public void Dispose() => Folder.Dispose();
}
