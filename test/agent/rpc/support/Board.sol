// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @title Stores and announces, or refuses
contract Board {
    uint256 public count;
    mapping(address author => string text) public posts;

    event Posted(address indexed author, uint256 indexed number, string text);

    error Refused(uint256 code);

    function post(string calldata text) external {
        require(bytes(text).length > 0, "nothing to post");
        if (bytes(text).length > 100) revert Refused(bytes(text).length);
        posts[msg.sender] = text;
        emit Posted(msg.sender, ++count, text);
    }

    function divide(uint256 a, uint256 b) external pure returns (uint256) {
        return a / b;
    }
}
