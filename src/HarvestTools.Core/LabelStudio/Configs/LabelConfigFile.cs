using System.Security.Cryptography;
using HarvestTools.Files;

namespace HarvestTools.LabelStudio.Configs;

/// <summary>A labeling configuration as a file: read and understood once, whatever number of exports it is archived with.</summary>
public sealed class LabelConfigFile
{
    private LabelConfigFile(string path, byte[] bytes)
    {
        Path = path;
        Bytes = bytes;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of its exact bytes.</summary>
    public string Sha256 { get; }

    internal byte[] Bytes { get; }

    /// <param name="path">The file, as Label Studio shows it in a project's settings.</param>
    /// <exception cref="HarvestException">The file cannot be read, or is no labeling configuration; the message names the place.</exception>
    public static LabelConfigFile Read(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        byte[] bytes = ReadBytes(path);

        // What cannot be understood now could not be when a slice is made of it.
        _ = LabelConfig.Parse(bytes, path);
        return new LabelConfigFile(path, bytes);
    }

    private static byte[] ReadBytes(string path)
    {
        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        if (file.Length > LabelConfigParser.LargestFile)
        {
            throw LabelConfigErrors.LabelConfigTooLarge(path, LabelConfigParser.LargestFile);
        }

        try
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "read");
        }
    }
}
