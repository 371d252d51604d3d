using System.Text;
using HarvestTools.Erasure;

namespace HarvestTools.Tests.Erasure;

/// <summary>Names in bytes of any form: whole ones, each once, wherever the pieces end in which a file is read.</summary>
public sealed class TextSearchTests
{
    [Theory]
    [InlineData("ep_1", 1)]
    [InlineData("x ep_1\"ep_1", 2)]
    [InlineData("ep_12 ep_1_ -ep_1 aep_1 äep_1", 0)]
    [InlineData("ep_ep_1", 0)]
    [InlineData("", 0)]
    public void Counts_whole_names(string text, long count) => Assert.Equal(count, Count(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_name_across_the_end_of_a_piece_counts_once()
    {
        const int Piece = 1 << 20;
        for (int at = Piece - 8; at <= Piece + 8; at++)
        {
            byte[] text = new byte[(2 * Piece) + 100];
            Array.Fill(text, (byte)' ');
            "ep_1"u8.CopyTo(text.AsSpan(at));
            "ep_1"u8.CopyTo(text.AsSpan(text.Length - 4));
            Assert.Equal(2, Count(text));

            // Not whole any more.
            text[at + 4] = (byte)'2';
            Assert.Equal(1, Count(text));
        }
    }

    private static long Count(byte[] text) => new TextSearch(["ep_1"]).Count(new MemoryStream(text), CancellationToken.None);
}
