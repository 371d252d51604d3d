using System.Globalization;
using System.Text;
using CsCheck;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Tests.Json;

/// <summary>Numbers that are noted to be canonical when they are read, so that who writes the canonical text copies them.</summary>
public sealed class NotedNumberTests
{
    private static readonly Gen<string> s_numbers = Gen.OneOf(
        Gen.Double[0, 100].Select(static number => number.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Int[-100, 100], Gen.Int[0, int.MaxValue]).Select(static parts => $"{parts.Item1}.{parts.Item2}"),
        Gen.Select(Gen.Int[0, 99], Gen.Long[0, 99_999_999_999_999_999]).Select(static parts => $"{parts.Item1}.{parts.Item2:D17}"),
        Gen.Select(Gen.Int[0, 9], Gen.Int[-30, 30]).Select(static parts => $"{parts.Item1}.5e{parts.Item2}"),
        Gen.Int.Select(static number => number.ToString(CultureInfo.InvariantCulture)));

    [Fact]
    public void What_is_said_to_be_canonical_is_written_as_it_is() => s_numbers.Sample(
        static text =>
        {
            byte[] bytes = Encoding.ASCII.GetBytes(text);
            Assert.True(CanonicalNumber.TryParse(bytes, out double expected));
            Assert.True(CanonicalNumber.TryParse(bytes, out double value, out bool isCanonical));
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
            if (isCanonical)
            {
                var written = new ByteWriter();
                CanonicalNumber.Append(value, written);
                Assert.Equal(text, Encoding.ASCII.GetString(written.Written));
            }
        },
        iter: 20_000);

    [Theory]
    [InlineData("78.08113286354799", true)]
    [InlineData("-0.46875", true)]
    [InlineData("1.50", false)]
    [InlineData("0.0", false)]
    [InlineData("-0.0", false)]
    [InlineData("0.00000012", false)]
    [InlineData("78.081132863547990", false)]
    [InlineData("78.08113286354799001", false)]
    [InlineData("1e2", false)]
    [InlineData("7", false)]
    public void Only_what_is_certainly_canonical_is_said_to_be(string text, bool expected)
    {
        Assert.True(CanonicalNumber.TryParse(Encoding.ASCII.GetBytes(text), out _, out bool isCanonical));
        Assert.Equal(expected, isCanonical);
    }

    [Fact]
    public void The_label_text_of_a_task_is_the_same_whether_numbers_are_noted_or_not() => s_numbers.Array[6].Sample(static numbers =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(
            $$$"""{"id":1,"data":{},"annotations":[{"id":2,"result":[{"id":"a","type":"polygonlabels","to_name":"i","from_name":"f","original_width":{{{numbers[0]}}},"value":{"x":{{{numbers[1]}}},"y":{{{numbers[2]}}},"points":[[{{{numbers[3]}}},{{{numbers[4]}}}]],"other":{{{numbers[5]}}},"polygonlabels":["l"]}}]}]}""");
        var task = new RawTask("a.json", bytes, 0, bytes.Length, 1, 0, 1);
        Assert.Equal(Text(task, notes: false), Text(task, notes: true));
    });

    private static string Text(in RawTask raw, bool notes)
    {
        var task = new ExportTask();
        task.Tokens.IsHashed = notes;
        TaskParser.Parse(raw, task, TaskParts.All | TaskParts.Tolerant);
        return Encoding.UTF8.GetString(new LabelTextWriter().Write(task.Labels, task.Tokens));
    }
}
