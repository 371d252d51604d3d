using HarvestTools.Strings;

namespace HarvestTools.Tests.Strings;

public sealed class SecretsInAddressTests
{
    [Theory]
    [InlineData("https://ana:pw@host/m.pt", "https://host/m.pt")]
    [InlineData("https://ghp_abc@host/m.pt", "https://host/m.pt")]
    [InlineData("s3://id:key@bucket/m.pt", "s3://bucket/m.pt")]
    [InlineData("https://host/m.pt?token=abc", "https://host/m.pt")]
    [InlineData("https://host/m.pt?versionId=3&access_token=abc", "https://host/m.pt?versionId=3")]
    [InlineData("https://b.s3.amazonaws.com/m.pt?X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-Date=c", "https://b.s3.amazonaws.com/m.pt?X-Amz-Date=c")]
    [InlineData("https://a.blob.core.windows.net/m.pt?sv=1&sig=abc", "https://a.blob.core.windows.net/m.pt?sv=1")]
    [InlineData("https://host/#/runs/1?apikey=abc", "https://host/#/runs/1")]
    public void What_signs_in_is_found_and_left_out(string address, string plain)
    {
        Assert.NotNull(SecretsInAddress.Find(address));
        Assert.Equal(plain, SecretsInAddress.Without(address));
        Assert.Null(SecretsInAddress.Find(plain));
    }

    [Theory]
    [InlineData("s3://bucket/tokenizer/m.pt?versionId=3")]
    [InlineData("https://host/m.pt?tokenizer=a#/experiments/1/runs/2")]
    [InlineData("models/a@b.pt")]
    [InlineData("s3://user@bucket/m.pt")]
    [InlineData("https://host:8080/a@b:c/m.pt")]
    [InlineData("s3://")]
    public void Others_are_left_as_they_are(string address)
    {
        Assert.Null(SecretsInAddress.Find(address));
    }
}
