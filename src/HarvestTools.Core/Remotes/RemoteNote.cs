using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Remotes;

/// <summary>Small JSON files of a remote, in which commands say something to each other.</summary>
internal static class RemoteNote
{
    /// <summary>The files of a folder, and what reading each gives; one that is removed meanwhile is left out.</summary>
    /// <param name="files">The remote.</param>
    /// <param name="folder">With a <c>/</c> at its end.</param>
    /// <param name="read">Reads one.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static IReadOnlyList<T> All<T>(IRemoteFiles files, string folder, Func<string, byte[], T> read, CancellationToken cancellation)
    {
        var all = new List<T>();
        foreach (string path in files.List(folder, cancellation).Select(static file => file.Path).Order(StringComparer.Ordinal))
        {
            if (TryRead(files, path, cancellation) is { } bytes)
            {
                all.Add(read(path, bytes));
            }
        }

        return all;
    }

    /// <summary>The bytes of a file; null where there is none.</summary>
    public static byte[]? TryRead(IRemoteFiles files, string path, CancellationToken cancellation)
    {
        if (files.TryOpen(path, cancellation: cancellation) is not { } content)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        using (content.Stream)
        {
            StreamCopy.Run(content.Stream, bytes, files.Name, path, cancellation);
        }

        return bytes.ToArray();
    }

    /// <summary>
    /// Understands a file whose first field is its kind with the version that this release knows. One that carries a digest of itself is
    /// as it was written: a flipped bit in a hash would have somebody remove what another repository needs.
    /// </summary>
    /// <param name="bytes">The file.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="kind">The first field.</param>
    /// <param name="read">Reads the rest.</param>
    /// <exception cref="HarvestException">It is damaged, or of a version that this release does not know.</exception>
    public static T Parse<T>(byte[] bytes, string path, string kind, Func<ObjectReader, T> read)
    {
        var text = new JsonFileText(bytes, path);
        JsonObject json = text.ParseObject();
        SealState seal = RecordSeal.Open(json);
        var reader = new ObjectReader(text, json);
        if (reader.Integer(kind) != 1)
        {
            throw reader.Invalid(kind, "is no version that this release knows", "Update HarvestTools.");
        }

        return seal != SealState.Wrong ? read(reader)
            : throw reader.Invalid(RecordSeal.Member, "is not the digest of what else it says: it is not as it was written", "Have it written again.");
    }

    /// <summary>What to put there, with a digest of itself.</summary>
    public static Upload Of(string path, JsonObject json) => Upload.OfBytes(path, ReadableJson.ToUtf8(RecordSeal.Seal(json), inlineUpTo: 1));

    /// <summary>Hashes as a list, in their order.</summary>
    public static JsonArray ListOf(IEnumerable<string> hashes) => new([.. hashes.Order(StringComparer.Ordinal).Select(static hash => JsonValue.Create(hash))]);
}
