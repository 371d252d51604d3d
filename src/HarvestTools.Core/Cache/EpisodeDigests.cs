using System.Security.Cryptography;
using HarvestTools.Json;

namespace HarvestTools.Cache;

/// <summary>SHA-256 of each episode's rows, and of the header and these digests in order: the row hash of a table.</summary>
internal sealed class EpisodeDigests : IDisposable
{
    private readonly IncrementalHash _rows = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _episode = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ByteWriter _digests = new();
    private bool _open;

    public EpisodeDigests(ReadOnlySpan<byte> header) => _rows.AppendData(header);

    public void Add(RowBatch batch)
    {
        for (int i = 0; i < batch.Pieces.Count; i++)
        {
            if (batch.Pieces[i].StartsEpisode)
            {
                Close();
                _open = true;
            }

            _episode.AppendData(batch.BytesOf(i));
        }
    }

    /// <summary>The row hash, lower-case hex; nothing can be added after it.</summary>
    public string Finish()
    {
        Close();
        return Convert.ToHexStringLower(_rows.GetHashAndReset());
    }

    /// <summary>The digests of all episodes one after the other.</summary>
    public byte[] ToArray() => _digests.ToArray();

    /// <summary>One of several digests.</summary>
    public static ReadOnlyMemory<byte> Of(byte[] digests, int episode) =>
        digests.AsMemory(episode * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);

    public void Dispose()
    {
        _rows.Dispose();
        _episode.Dispose();
    }

    private void Close()
    {
        if (_open)
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            _episode.GetHashAndReset(digest);
            _rows.AppendData(digest);
            _digests.Add(digest);
            _open = false;
        }
    }
}
