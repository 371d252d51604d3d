#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $cmdlets = Get-Command -Module HarvestTools | ForEach-Object Name
}

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $root = Get-ProjectRoot
}

Describe 'The module' {
    It 'has a manifest without a fault' {
        $manifest = Test-ModuleManifest "$root/HarvestTools.psd1" -ErrorAction Stop -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $manifest.CompatiblePSEditions | Should -Be 'Core'
        $manifest.PowerShellVersion | Should -Be '7.6'
    }

    It 'exports cmdlets and nothing else' {
        Get-Command -Module HarvestTools | Where-Object CommandType -ne Cmdlet | Should -BeNullOrEmpty
        (Import-PowerShellDataFile "$root/HarvestTools.psd1").CmdletsToExport | Sort-Object |
            Should -Be (Get-Command -Module HarvestTools | ForEach-Object Name | Sort-Object)
    }

    It 'ships no assembly of PowerShell' {
        Get-ChildItem "$root/lib" -Filter *.dll | ForEach-Object Name | Should -Be 'HarvestTools.PowerShell.dll'
        Get-ChildItem "$root/lib/engine" -Filter *.dll | ForEach-Object Name | Sort-Object | Should -Be @(
            'AWSSDK.Core.dll', 'AWSSDK.Extensions.Numerics.dll', 'AWSSDK.S3.dll', 'AWSSDK.SecurityToken.dll', 'AWSSDK.SSO.dll', 'AWSSDK.SSOOIDC.dll'
            'CommunityToolkit.HighPerformance.dll', 'HarvestTools.Core.dll', 'HarvestTools.Remotes.dll', 'K4os.Compression.LZ4.dll', 'Microsoft.IO.RecyclableMemoryStream.dll'
            'Parquet.dll', 'Snappier.dll', 'System.IO.Hashing.dll', 'YamlDotNet.dll', 'ZstdSharp.dll'
        )
    }

    It 'imports without a warning, goes away, and comes back with -Force' {
        $script = "
            Import-Module '$root/HarvestTools.psd1' -WarningVariable warned; (Get-Command -Module HarvestTools).Count
            Remove-Module HarvestTools; @(Get-Command -Module HarvestTools).Count
            Import-Module '$root/HarvestTools.psd1'; Import-Module '$root/HarvestTools.psd1' -Force; (Get-Command -Module HarvestTools).Count
            @(`$warned).Count
            Get-ExportHash '$root/LICENSE' | ForEach-Object Bytes"
        $lines = pwsh -NoProfile -NonInteractive -Command $script
        $count = (Get-Command -Module HarvestTools).Count
        $lines | Should -Be "$count", '0', "$count", '0', "$((Get-Item "$root/LICENSE").Length)"
    }

    It 'passes the script analyzer' {
        if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) {
            Set-ItResult -Skipped -Because 'PSScriptAnalyzer is not installed'
        }

        # Every script of the checkout. Tests are written in Pester's way, so a few rules do not hold for them.
        $scripts = @(Get-ChildItem -LiteralPath $root -File) + @(Get-ChildItem -LiteralPath "$root/src", "$root/docs", "$root/tests" -Recurse -File) |
            Where-Object { $_.Extension -in '.ps1', '.psm1', '.psd1' -and $_.FullName -notmatch '[\\/](bin|obj)[\\/]' }
        $scripts.Count | Should -BeGreaterThan 20
        $found = foreach ($script in $scripts) {
            $settings = if ($script.Name -like '*.Tests.ps1' -or $script.Extension -eq '.psm1') { "$PSScriptRoot/PSScriptAnalyzerSettings.psd1" } else { @{ Severity = 'Error', 'Warning', 'Information' } }
            Invoke-ScriptAnalyzer -Path $script.FullName -Settings $settings
        }
        $found | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName)" } | Should -BeNullOrEmpty
    }
}

Describe 'The topic <_>' -ForEach 'about_HarvestTools', 'about_Slices', 'about_Drift', 'about_RetrainDecision' {
    It 'is found and is plain text' {
        $text = Get-Help $_ | Out-String
        $text | Should -Match 'SHORT DESCRIPTION'
        $text | Should -Match 'SEE ALSO'
        $text | Should -Not -Match '```|\*\*|^#'
        $text -split '\r?\n' | Where-Object Length -GT 79 | Should -BeNullOrEmpty
    }

    It 'names commands that exist' {
        $text = Get-Help $_ | Out-String
        $words = [regex]::Matches($text, '\b[A-Z][a-z]+-(Harvest|Slice|Export|Retrain|EvalSet)\w*\b').Value | Select-Object -Unique
        foreach ($word in $words) { Get-Command $word -Module HarvestTools | Should -Not -BeNullOrEmpty }
    }
}

Describe 'Help of <_>' -ForEach $cmdlets {
    BeforeAll {
        $name = $_
        $help = Get-Help $name -Full
    }

    It 'has a synopsis and a description of its own' {
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -BeLike "*$name ?-*"
        $help.description.Text | Should -Not -BeNullOrEmpty
    }

    It 'describes every parameter' {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        $declared = (Get-Command $name).Parameters.Keys | Where-Object { $_ -notin $common }
        foreach ($parameter in $declared) {
            (Get-Help $name -Parameter $parameter).description.Text | Should -Not -BeNullOrEmpty -Because "-$parameter needs a description"
        }
    }

    It 'has examples that can be parsed' {
        $help.examples.example.Count | Should -BeGreaterThan 0
        foreach ($example in $help.examples.example) {
            $errors = $null
            $null = [System.Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty
        }
    }

    It 'has the syntax that PowerShell itself states' {
        $stated = (Get-Command $name).ParameterSets | ForEach-Object { ($_.Parameters | Where-Object Name -notin ([System.Management.Automation.PSCmdlet]::CommonParameters) | ForEach-Object Name | Sort-Object) -join ' ' }
        $helped = $help.Syntax.syntaxItem | ForEach-Object { ($_.parameter | ForEach-Object name | Sort-Object) -join ' ' }
        $helped | Sort-Object | Should -Be ($stated | Sort-Object)
    }
}
