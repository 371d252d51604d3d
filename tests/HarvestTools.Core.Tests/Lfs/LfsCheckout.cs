using System.Security.Cryptography;
using HarvestTools.Files;
using HarvestTools.Repositories;
using HarvestTools.Tests.Workflows;

namespace HarvestTools.Tests.Lfs;

/// <summary>What git and git-lfs would have put into a repository, written by hand: neither need be installed.</summary>
internal static class LfsCheckout
{
    /// <summary>Makes the repository a checkout.</summary>
    public static void MakeCheckout(this TemporaryRepository repository) => repository.WriteText(".git/HEAD", "ref: refs/heads/main\n");

    /// <summary>Puts a pointer in a file's place; its bytes are given.</summary>
    public static byte[] ToPointer(this TemporaryRepository repository, string relative)
    {
        byte[] bytes = File.ReadAllBytes(repository.PathOf(relative));
        repository.WriteText(relative, Pointer(bytes));
        return bytes;
    }

    public static string Pointer(byte[] bytes) => $"version https://git-lfs.github.com/spec/v1\noid sha256:{Hash(bytes)}\nsize {bytes.Length}\n";

    /// <summary>Puts bytes into git-lfs's store; gives the file.</summary>
    public static string Keep(this TemporaryRepository repository, byte[] bytes, string store = ".git/lfs", string? oid = null)
    {
        oid ??= Hash(bytes);
        string path = repository.PathOf($"{store}/objects/{oid[..2]}/{oid[2..4]}/{oid}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Gives the repository a folder as its remote; the folder.</summary>
    public static string SetRemote(this TemporaryRepository repository)
    {
        string folder = Directory.CreateDirectory(repository.PathOf(".harvest/far")).FullName;
        string settings = File.ReadAllText(repository.Repository.SettingsPath);
        Assert.Contains("\"remotes\": {}", settings, StringComparison.Ordinal);
        File.WriteAllText(repository.Repository.SettingsPath, settings.Replace("\"remotes\": {}", "\"remotes\": { \"origin\": \".harvest/far\" }", StringComparison.Ordinal));
        return folder;
    }

    /// <summary>Puts bytes into the remote; gives the file.</summary>
    public static string Share(string remote, byte[] bytes, string? oid = null)
    {
        oid ??= Hash(bytes);
        string path = Path.Combine(remote, "sha256", oid[..2], oid);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The same bytes with one changed.</summary>
    public static byte[] Damaged(byte[] bytes)
    {
        byte[] damaged = [.. bytes];
        damaged[bytes.Length / 2] ^= 1;
        return damaged;
    }

    public static void EmptyArchive(this TemporaryRepository repository)
    {
        foreach (string file in Directory.GetFiles(repository.Repository.Archive.Local.ObjectsFolder, "*", SearchOption.AllDirectories))
        {
            FileAccessBits.ClearForReplacement(file);
            File.Delete(file);
        }
    }

    public static bool HasArchived(this Repository repository, string sha256) => repository.Archive.Local.LocalPath(sha256) is not null;

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
